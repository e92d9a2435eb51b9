import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import type { ChartRef, Charts } from '../../domain/helm/charts.ts';
import type { Values } from '../../domain/helm/release.ts';

/** A chart where Helm's own file says so; more would go nowhere: a release has to fit into a Secret. */
const maxValuesBytes = 64 * 1024;

export const chart = z
  .string()
  .min(3)
  .max(128)
  .regex(/^[a-z0-9][a-z0-9-]*\/[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/, 'It is no chart such as bitnami/nginx.')
  .describe('Repository and chart, such as bitnami/nginx; helm_search finds them.');
export const version = z
  .string()
  .min(1)
  .max(60)
  .regex(/^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]*)?$/, 'It is no whole version such as 1.2.3.')
  .optional()
  .describe("The chart's exact version; the newest if left out.");
export const values = z
  .record(z.string().min(1).max(253), z.unknown())
  .refine((given) => JSON.stringify(given).length <= maxValuesBytes, 'These are more than 64 KiB.')
  .transform((given) => given as Values)
  .describe("Values as an object, over the chart's own.");

/** `bitnami/nginx` as a chart of a configured repository; another one is refused before anything is asked or started. */
export function toChartRef(
  asked: { readonly chart: string; readonly version?: string | undefined },
  charts: Pick<Charts, 'repositories'>,
): ChartRef {
  const [repository = '', name = ''] = asked.chart.split('/');
  const names = charts.repositories().map((one) => one.name);
  if (names.includes(repository)) return { repository, chart: name, version: asked.version };
  const known = names.join(', ') || 'none';
  throw Failure.terminal('InvalidArguments', `chart: there is no chart repository "${repository}"; there is ${known}.`);
}
