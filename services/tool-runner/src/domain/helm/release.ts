import type { Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';

/** One stored revision of a release, by its place alone. */
export type RevisionRef = { readonly namespace: string; readonly name: string; readonly revision: number };

/** What the labels of its Secret tell: enough for a list, without a byte of what is stored. */
export type StoredRevision = RevisionRef & {
  readonly status: string;
  /** Of its Secret. */
  readonly uid?: string | undefined;
  /** Under which it was made, where it was made from here. */
  readonly grant?: string | undefined;
};

/** With this label Helm marks what it makes under a grant, from the first write on. */
export const grantLabel = 'skyflo.ai/grant';

export type Values = { readonly [key: string]: Json };

export type Chart = { readonly name: string; readonly version: string; readonly appVersion?: string | undefined };

/** What Helm says about a revision, beside what it made. */
export type RevisionHead = StoredRevision & {
  /** Without one, what is stored cannot be read. */
  readonly chart?: Chart | undefined;
  readonly firstDeployed?: string | undefined;
  readonly lastDeployed?: string | undefined;
  readonly description?: string | undefined;
};

/** An object of a manifest, as the chart rendered it; without one where the text is no object. */
export type ManifestPart = {
  /** The template it comes from. */
  readonly source?: string | undefined;
  /** The moments at which Helm makes it, where it is a hook. */
  readonly hook?: readonly string[] | undefined;
  readonly object?: KubeObject | undefined;
};

export type Release = RevisionHead & {
  readonly chart: Chart;
  /** What was given; `chartValues` are the chart's own defaults beneath them. */
  readonly values: Values;
  readonly chartValues: Values;
  readonly notes: string;
  readonly manifest: readonly ManifestPart[];
};

export type ReleaseQuery = {
  /** Left out: all namespaces. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly signal: AbortSignal;
};

/** What Helm stored about its releases in a cluster. A revision that is not there is a terminal Failure `NotFound`. */
export type Releases = {
  /** Every stored revision, the newest of each release first. `more`: there are others, beyond what is looked at. */
  revisions(query: ReleaseQuery): Promise<{ readonly revisions: readonly StoredRevision[]; readonly more: boolean }>;
  /** In the order of `refs`; one that cannot be read says so and does not hide the others. */
  heads(refs: readonly StoredRevision[], signal: AbortSignal): Promise<readonly RevisionHead[]>;
  get(ref: RevisionRef, signal: AbortSignal): Promise<Release>;
};
