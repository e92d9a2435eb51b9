import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '@skyflo/contracts';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { ChartRef, Charts, FoundChart, Rendering, Repository } from '../domain/helm/charts.ts';
import type { Release } from '../domain/helm/release.ts';
import { pullChart } from './chart-source.ts';
import { readManifest } from './helm-manifest.ts';
import { withHelm } from './helm-program.ts';

export type ChartSources = { readonly program: string | undefined; readonly repositories: readonly Repository[] };

const Found = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    app_version: z.string().default(''),
    description: z.string().default(''),
  }),
);
const Values = z
  .record(z.string(), z.json())
  .nullish()
  .transform((values): { readonly [key: string]: Json } => values ?? {});

/** Charts by the helm program, each use with a home of its own: no replica knows more repositories than another. */
export class HelmCharts implements Charts {
  readonly #sources: ChartSources;

  constructor(sources: ChartSources) {
    this.#sources = sources;
  }

  repositories(): readonly Repository[] {
    return this.#sources.repositories;
  }

  async search({ keyword, allVersions, signal }: Parameters<Charts['search']>[0]): Promise<FoundChart[]> {
    const { program, repositories } = this.#sources;
    if (repositories.length === 0) return [];
    return withHelm(program, async ({ folder, run }) => {
      const file = { apiVersion: '', generated: '0001-01-01T00:00:00Z', repositories };
      await writeFile(join(folder, 'home/config/repositories.yaml'), stringify(file));
      await run(['repo', 'update'], signal);
      const flags = ['--output=json', ...(allVersions ? ['--versions'] : [])];
      const words = keyword === undefined ? [] : [keyword];
      const printed = await run(['search', 'repo', ...flags, '--', ...words], signal);
      return Found.parse(JSON.parse(printed)).map(({ app_version: appVersion, ...chart }) => ({
        ...chart,
        appVersion,
      }));
    });
  }

  async show(ref: ChartRef, what: 'chart' | 'values' | 'readme', signal: AbortSignal): Promise<string> {
    const { program, repositories } = this.#sources;
    return withHelm(program, async (use) => {
      const { file } = await pullChart(use, { repositories, ref, signal });
      return use.run(['show', what, '--', file], signal);
    });
  }

  async render(ref: ChartRef, as: Rendering, signal: AbortSignal): Promise<Release> {
    const { program, repositories } = this.#sources;
    return withHelm(program, async (use) => {
      const { file, chart } = await pullChart(use, { repositories, ref, signal });
      const chartValues = Values.parse(parse(await use.run(['show', 'values', '--', file], signal)));
      const values = join(use.folder, 'values.json');
      await writeFile(values, JSON.stringify(as.values));
      const flags = [`--namespace=${as.namespace}`, `--values=${values}`, '--include-crds'];
      const manifest = await use.run(['template', ...flags, '--', as.release, file], signal);
      const { release: name, namespace, values: given } = as;
      const head = { namespace, name, revision: 1, status: 'rendered', chart };
      return { ...head, values: given, chartValues, notes: '', manifest: await readManifest(manifest) };
    });
  }
}
