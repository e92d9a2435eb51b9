import type { Lease } from '@skyflo/store';

/** One process's turn at a call. */
export type Effort = {
  readonly lease: Lease;
  /** Aborted when the call is cancelled, the lease is lost or the process ends. */
  readonly signal: AbortSignal;
};
