import type { ChartRef } from './charts.ts';
import type { Operation } from './operation.ts';
import type { Chart, Release, Values } from './release.ts';

export type Proposal = {
  readonly kind: 'install' | 'upgrade';
  readonly namespace: string;
  readonly name: string;
  readonly values: Values;
};

/** What an operation would make, rendered twice: a chart that rolls dice makes something else each time. */
export type Prepared = {
  readonly chart: Chart;
  readonly sha256: string;
  readonly first: Release;
  readonly second: Release;
};

/** How helm ended; `words` are its last ones where it did not end well. */
export type Ended = { readonly ok: boolean; readonly words: string };

/** The helm program at one cluster. Throws a Failure where it was not even started. */
export type HelmWriter = {
  /** As the cluster would have it, by an identity that can change nothing. */
  prepare(ref: ChartRef, proposal: Proposal, signal: AbortSignal): Promise<Prepared>;
  /** Changes the cluster, under a grant. */
  carryOut(operation: Operation, grantId: string, signal: AbortSignal): Promise<Ended>;
};
