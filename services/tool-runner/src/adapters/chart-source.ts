import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@skyflo/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ChartRef, Repository } from '../domain/helm/charts.ts';
import type { Chart } from '../domain/helm/release.ts';
import type { HelmUse } from './helm-program.ts';

/** Charts are packages of templates: a megabyte is a large one. */
const maxChartBytes = 10 * 1024 * 1024;

const ChartFile = z.looseObject({
  name: z.string(),
  version: z.string(),
  appVersion: z.coerce.string().optional(),
});

export type Pulled = { readonly file: string; readonly sha256: string; readonly chart: Chart };

/** The package of a chart, from its repository and from nowhere else. */
export async function pullChart(
  { folder, run }: HelmUse,
  { repositories, ref, signal }: { repositories: readonly Repository[]; ref: ChartRef; signal: AbortSignal },
): Promise<Pulled> {
  const to = join(folder, 'chart');
  await mkdir(to, { recursive: true });
  const which = ref.version === undefined ? [] : [`--version=${ref.version}`];
  const url = urlOf(repositories, ref.repository);
  await run(['pull', `--repo=${url}`, ...which, `--destination=${to}`, '--', ref.chart], signal);
  const [name] = await readdir(to);
  if (name === undefined) throw Failure.terminal('HelmFailed', `helm pull brought nothing for ${ref.chart}.`);
  const file = join(to, name);
  const { size } = await stat(file);
  if (size > maxChartBytes) throw Failure.terminal('ChartTooLarge', `The chart ${ref.chart} has ${size} bytes.`);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const { version, appVersion, ...head } = ChartFile.parse(parse(await run(['show', 'chart', '--', file], signal)));
  return { file, sha256, chart: { name: head.name, version, appVersion } };
}

function urlOf(repositories: readonly Repository[], repository: string): string {
  const found = repositories.find(({ name }) => name === repository);
  if (found) return found.url;
  const names = repositories.map(({ name }) => name).join(', ') || 'none';
  throw Failure.terminal(
    'RepositoryUnknown',
    `chart: there is no chart repository "${repository}"; there is ${names}.`,
  );
}
