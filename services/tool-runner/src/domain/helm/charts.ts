import type { Release, Values } from './release.ts';

export type Repository = { readonly name: string; readonly url: string };

/** A chart of a configured repository: `demo/web`. Without a version, the newest stable one. */
export type ChartRef = {
  readonly repository: string;
  readonly chart: string;
  readonly version?: string | undefined;
};

export type FoundChart = {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly description: string;
};

export type Rendering = {
  readonly release: string;
  readonly namespace: string;
  readonly values: Values;
};

/**
 * Charts of the configured repositories and nothing else: no file of this machine, no URL of an argument. Throws a terminal
 * Failure: `HelmMissing` where there is no helm program, `RepositoryUnknown`, or `HelmFailed` with Helm's own last words.
 */
export type Charts = {
  repositories(): readonly Repository[];
  search(query: {
    readonly keyword?: string | undefined;
    readonly allVersions: boolean;
    readonly signal: AbortSignal;
  }): Promise<readonly FoundChart[]>;
  show(ref: ChartRef, what: 'chart' | 'values' | 'readme', signal: AbortSignal): Promise<string>;
  /** As `helm template`: without a look at any cluster. */
  render(ref: ChartRef, as: Rendering, signal: AbortSignal): Promise<Release>;
};
