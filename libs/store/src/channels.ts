import { tracingChannel } from 'node:diagnostics_channel';

export type Committing = {
  /** Whose schema: the service's name. */
  readonly schema: string;
  /** What the transaction is called, where it says no event that would name it. */
  readonly name: string | undefined;
  /** The types of the events that leave with it. */
  readonly events: readonly string[];
};
export type PublishingOutbox = { readonly schema: string; readonly events: readonly string[] };

/**
 * Diagnostics channels, for whoever watches this process: spans and metrics are made of them, and tests strike there.
 * `start` comes before the COMMIT is sent, `asyncEnd` after it was answered and before anything is published.
 */
export const commitChannel = tracingChannel<Committing>('skyflo:store.commit');
/** A batch of the outbox on its way to the bus: `start` before the first is sent, `asyncEnd` when the stream stored all. */
export const publishChannel = tracingChannel<PublishingOutbox>('skyflo:store.publish');
