import { Failure } from '@skyflo/contracts';
import type { Folded } from '../../domain/diagnose/fold.ts';
import { lastWords } from '../../domain/diagnose/last-words.ts';
import type { Look } from '../tool.ts';

const mostLogs = 12;
const tail = { tailLines: 30, limitBytes: 8 * 1024 };

/** Puts the last words of containers that crash beside their findings: of the worst ones, all at the same time. */
export async function withLastWords(findings: readonly Folded[], look: Look): Promise<Folded[]> {
  const heard = new Set(findings.filter(({ log }) => log !== undefined).slice(0, mostLogs));
  return Promise.all(
    findings.map(async (finding) => {
      if (!finding.log || !heard.has(finding)) return finding;
      const log = (await logOf(finding.log, true, look)) || (await logOf(finding.log, false, look));
      return { ...finding, said: [...finding.said, ...lastWords(log)] };
    }),
  );
}

/** The run before the restart, else the present one. Without a log a finding stands all the same. */
async function logOf(
  { namespace, pod, container }: NonNullable<Folded['log']>,
  previous: boolean,
  { cluster, signal }: Look,
): Promise<string> {
  try {
    return await cluster.log({ namespace, name: pod }, { container, ...tail, previous, signal });
  } catch (error) {
    if (error instanceof Failure) return '';
    throw error;
  }
}
