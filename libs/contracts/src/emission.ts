import type { DataOf, EventDefinition } from './define.ts';
import type { Envelope } from './envelope.ts';

/**
 * An event about to be said. `id` is given where a redelivered cause must not say it twice (`derivedId`); `causationId` is
 * the id of the envelope it follows from.
 */
export type Emission<E extends EventDefinition = EventDefinition> = {
  readonly data: DataOf<E>;
  readonly conversationId?: string | undefined;
  readonly runId?: string | undefined;
  readonly causationId?: string | undefined;
  readonly id?: string | undefined;
};

/** Makes the signed envelope of an emission; the sequence was counted in the emitter's transaction. */
export type Seal = (event: EventDefinition, emission: Emission, sequence: number) => Envelope;

/** Publishes signed envelopes; resolves when the stream has stored all of them. A repeated id is stored once. */
export type Publish = (envelopes: readonly Envelope[]) => Promise<void>;
