import { Failure } from '@skyflo/contracts';
import { historyTable, type Revision, revisionFacts, templateYaml } from '../../domain/revisions.ts';
import type { Answer } from '../tool.ts';

/** What kept revisions say: all of them as a table, or the whole template of the one that was asked for. */
export function toldHistory(
  target: string,
  revisions: readonly Revision[],
  { revision, now }: { readonly revision: number | undefined; readonly now: Date },
): Answer {
  if (revision === undefined) {
    if (revisions.length === 0) return { text: `${target} has no revisions yet.`, facts: { count: 0 } };
    return { text: `${target}\n${historyTable(revisions, now)}`, facts: revisionFacts(revisions) };
  }
  const wanted = revisions.find((one) => one.revision === revision);
  if (wanted) return { text: `${target}, revision ${revision}:\n${templateYaml(wanted)}` };
  const known = revisions.map((one) => one.revision).join(', ') || 'none';
  throw Failure.terminal('InvalidArguments', `revision: ${target} has no revision ${revision}; it has ${known}.`);
}
