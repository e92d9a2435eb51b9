import { tracingChannel } from 'node:diagnostics_channel';

export type Requesting = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly dryRun: boolean;
  /** On `asyncEnd`; undefined where no answer came. */
  status?: number | undefined;
};

/** A diagnostics channel: `start` before a request leaves for an API server, `asyncEnd` when it was answered or failed. */
export const requestChannel = tracingChannel<Requesting>('skyflo:kube.request');
