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
import { acceptEvent, type Accepted } from '../events/accept.ts';
import { claimsOf } from '../events/claims.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { BusLogger } from '../logger.ts';
import { consumerOf } from '../topology/topology.ts';
import type { Consumption } from './consumption.ts';
import { originalOf, toLetter, type Bury, type Letter } from './dead-letter.ts';
import { Excused } from './excused.ts';
import { PullLoop } from './pull-loop.ts';
import { defaultMaxDeliveries, settle } from './settle.ts';

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
  /** After how many deliveries an unknown error (one that is no Failure) ends the event; default 9, about a minute. */
  readonly maxDeliveries?: number;
  /** Takes what is ended as a dead letter; without it, that is only logged. */
  readonly bury?: Bury | undefined;
};

export type Consuming = {
  readonly service: ServiceName;
  readonly connection: Connection;
  readonly keyRing: KeyRing;
  readonly logger: BusLogger;
  readonly now: () => Date;
};

const defaultConcurrency = 32;

/** A consumer of one type: the loop that takes events in, and the way to have one handled again that died. */
export type EventConsumption = { readonly durable: string; readonly loop: Consumption; readonly redrive: Redrive };

/** Handles a dead letter's event again, after verifying it again in full. Throws what the handler throws. */
export type Redrive = (letter: Letter['data']) => Promise<void>;

/** Hands every acceptable event of one type to `handler`, at least once; what it throws decides what becomes of the event. */
export function consumeEvent<D extends EventDefinition>(
  { service, connection, keyRing, logger, now }: Consuming,
  definition: D,
  { handler, ...options }: ConsumeOptions & { readonly handler: EventHandler<D> },
): EventConsumption {
  const entry = entryOf(definition.type);
  if (!entry?.to.includes(service))
    throw Failure.terminal('ListenerNotAllowed', `the catalog does not have ${service} listen to ${definition.type}`);
  const spec = consumerOf(service, entry);
  const consumer = spec.durable;
  // A letter about a letter would die of the same cause, and so on: letters stay with their consumer until it takes them.
  const letters = entry.stream !== 'DEAD';
  const maxDeliveries = letters ? (options.maxDeliveries ?? defaultMaxDeliveries) : Infinity;
  const accept = (payload: Uint8Array, subject: string) => {
    const accepted = acceptEvent(payload, subject, { keyRing, now, use: 'decision' });
    if (accepted.envelope.type === definition.type) return accepted;
    throw Failure.terminal('SubjectMismatch', `${consumer} got ${accepted.envelope.type}`);
  };
  const work = ({ envelope, data }: Accepted, context: Omit<EventContext, 'envelope'>) => {
    const { type, id, runid: runId, traceparent } = envelope;
    // The catalog's schema of this very type has parsed it.
    const event = { ...envelope, data } as EventOf<D>;
    const about = { service, type, id, runId, traceparent };
    return handleChannel.tracePromise(() => handler(event, { ...context, envelope }), about);
  };
  const excused = new Excused();
  const loop = new PullLoop(connection, spec, {
    concurrency: options.concurrency ?? defaultConcurrency,
    logger,
    handle: (message, signal) => {
      const { seq: streamSequence, data: payload } = message;
      const { deliveryCount } = message.info;
      let accepted: Accepted | undefined;
      return settle(
        message,
        async () => {
          accepted = accept(payload, message.subject);
          await work(accepted, { deliveryCount, streamSequence, signal });
        },
        {
          durable: consumer,
          about: () => (accepted ? toPairs(accepted.envelope) : { claimed: claimsOf(payload) }),
          maxDeliveries,
          excused,
          bury: () => {
            const { bury } = options;
            if (!accepted || !bury || !letters) return undefined;
            const { envelope } = accepted;
            const dead = {
              consumer,
              stream: spec.stream,
              streamSequence,
              envelope,
              payload,
              tries: excused.triesOf(message),
            };
            return (failure) => bury(toLetter({ ...dead, failure, at: now() }));
          },
          logger,
        },
      );
    },
  });
  const redrive: Redrive = async (letter) => {
    const { payload, subject } = originalOf(letter);
    const { signal } = new AbortController();
    await work(accept(payload, subject), { deliveryCount: 1, streamSequence: letter.streamSequence, signal });
  };
  return { durable: consumer, loop, redrive };
}

function toPairs({ id, type, source, kid }: Envelope): Readonly<Record<string, unknown>> {
  return { eventId: id, eventType: type, source, kid };
}
