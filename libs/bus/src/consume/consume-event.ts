import {
  entryOf,
  Failure,
  type Envelope,
  type EventDefinition,
  type EventOf,
  type ServiceName,
} from '@skyflo/contracts';
import type { Connection } from '../connection/connection.ts';
import { handleChannel } from '../channels.ts';
import { acceptEvent } from '../events/accept.ts';
import { claimsOf } from '../events/claims.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { BusLogger } from '../logger.ts';
import { consumerOf } from '../topology/topology.ts';
import type { Consumption } from './consumption.ts';
import { PullLoop } from './pull-loop.ts';
import { settle } from './settle.ts';

export type EventContext = {
  /** As it was signed and received; the handler's first argument holds `data` as its schema reads it. */
  readonly envelope: Envelope;
  /** 1 at the first try. */
  readonly deliveryCount: number;
  readonly streamSequence: number;
  /** Aborted when the process ends without waiting any longer; the event will come again. */
  readonly signal: AbortSignal;
};

export type EventHandler<D extends EventDefinition> = (event: EventOf<D>, context: EventContext) => Promise<void>;

export type ConsumeOptions = {
  /** Handlers running at once in this process; default 32. */
  readonly concurrency?: number;
  /** After how many deliveries an unknown error (one that is no Failure) ends the event; default 100, the better part of an hour. */
  readonly maxDeliveries?: number;
};

export type Consuming = {
  readonly service: ServiceName;
  readonly connection: Connection;
  readonly keyRing: KeyRing;
  readonly logger: BusLogger;
  readonly now: () => Date;
};

const defaultConcurrency = 32;
const defaultMaxDeliveries = 100;

/** Hands every acceptable event of one type to `handler`, at least once; what it throws decides what becomes of the event. */
export function consumeEvent<D extends EventDefinition>(
  { service, connection, keyRing, logger, now }: Consuming,
  definition: D,
  { handler, ...options }: ConsumeOptions & { readonly handler: EventHandler<D> },
): Consumption {
  const entry = entryOf(definition.type);
  if (!entry?.to.includes(service))
    throw Failure.terminal('ListenerNotAllowed', `the catalog does not have ${service} listen to ${definition.type}`);
  const spec = consumerOf(service, entry);
  return new PullLoop(connection, spec, {
    concurrency: options.concurrency ?? defaultConcurrency,
    logger,
    handle: (message, signal) => {
      let about: () => Readonly<Record<string, unknown>> = () => ({ claimed: claimsOf(message.data) });
      const work = async () => {
        const { envelope, data } = acceptEvent(message.data, message.subject, { keyRing, now, use: 'decision' });
        const { id, type, source, kid } = envelope;
        about = () => ({ eventId: id, eventType: type, source, kid });
        if (envelope.type !== definition.type)
          throw Failure.terminal('SubjectMismatch', `${spec.durable} got ${envelope.type}`);
        const { deliveryCount } = message.info;
        const context = { envelope, deliveryCount, streamSequence: message.seq, signal };
        const { runid: runId, traceparent } = envelope;
        // The catalog's schema of this very type has parsed it.
        await handleChannel.tracePromise(() => handler({ ...envelope, data } as EventOf<D>, context), {
          service,
          type,
          id,
          runId,
          traceparent,
        });
      };
      const maxDeliveries = options.maxDeliveries ?? defaultMaxDeliveries;
      return settle(message, work, { durable: spec.durable, about: () => about(), maxDeliveries, logger });
    },
  });
}
