import {
  Failure,
  LetterDied,
  type AnswerOf,
  type AskedOf,
  type Envelope,
  type EventDefinition,
  type Publish,
  type QuestionDefinition,
  type ServiceName,
  type StreamName,
} from '@skyflo/contracts';
import { Connection } from './connection/connection.ts';
import { consumeEvent, type ConsumeOptions, type EventHandler, type Redrive } from './consume/consume-event.ts';
import type { Letter } from './consume/dead-letter.ts';
import { defaultGraceMs, type Consumption, type StopOptions } from './consume/consumption.ts';
import { StreamRecording, type RecordHandler, type RecordOptions } from './consume/record-stream.ts';
import { publishDelta, publishEnvelopes, type Delta } from './events/publisher.ts';
import type { Traceparent } from './events/seal.ts';
import type { Identity } from './keys/identity.ts';
import type { KeyRing } from './keys/key-ring.ts';
import { verifyEnvelope } from './keys/signature.ts';
import { follow, type Followed, type FollowOptions } from './live/follow.ts';
import { LiveFeeds } from './live/live-feeds.ts';
import { streamStateOf, type StreamState } from './live/stream-state.ts';
import type { BusLogger } from './logger.ts';
import { Answering, type QuestionHandler } from './questions/answer.ts';
import { askQuestion, type AskOptions } from './questions/ask.ts';
import { inboxPrefixOf } from './topology/permissions.ts';
import { recordDurableOf } from './topology/topology.ts';
import { missingFrom } from './topology/verify.ts';

export type BusOptions = {
  /** One address or several, separated by commas: `nats://127.0.0.1:4222`. */
  readonly servers: string;
  /** The nkey seed of the service's NATS user. */
  readonly seed: string;
  readonly identity: Identity;
  readonly keyRing: KeyRing;
  readonly logger: BusLogger;
  readonly now?: () => Date;
  /** The trace that a question asked now belongs to. */
  readonly traceparent?: Traceparent;
  /** How long the first connection is tried for; default 15 s. */
  readonly connectTimeoutMs?: number;
  /** How long a publish waits for a lost connection before it throws `BusDisconnected`; default 10 s. */
  readonly publishWaitMs?: number;
};

/** Connects as a service. Throws `BusUnreachable` (retryable) or `BusRefused` (terminal). The caller closes the bus. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const { service } = options.identity;
  const connection = await Connection.open(
    {
      name: service,
      servers: options.servers,
      seed: options.seed,
      timeoutMs: options.connectTimeoutMs ?? 15_000,
      inboxPrefix: inboxPrefixOf(service),
    },
    options.logger,
  );
  return new Bus(options, connection);
}

/**
 * All a service can say and hear. What it may say and hear is in the catalog; anything else throws a terminal Failure here,
 * and would be refused by the server and by every receiver.
 */
export class Bus {
  readonly service: ServiceName;
  /**
   * Publishes signed envelopes and resolves when the streams have stored all of them. A repeated id is stored once within 15
   * minutes. Waits for a lost connection; throws a Failure when one was not stored, and then all may be published again.
   */
  readonly publish: Publish;
  readonly #options: BusOptions & { readonly now: () => Date };
  readonly #connection: Connection;
  readonly #feeds: LiveFeeds;
  readonly #consumptions = new Set<Consumption>();
  readonly #redrives = new Map<string, Redrive>();

  /** @internal Use `connectBus`. */
  constructor(options: BusOptions, connection: Connection) {
    this.#options = { ...options, now: options.now ?? (() => new Date()) };
    this.#connection = connection;
    this.service = options.identity.service;
    this.#feeds = new LiveFeeds(this.#parts);
    this.publish = (envelopes) => publishEnvelopes(this.#parts, envelopes);
  }

  /** False while the connection is lost; it is being retried then. */
  get connected(): boolean {
    return this.#connection.connected;
  }

  /** Publishes a piece of streamed text, unsigned, kept for 15 minutes. Returns at once; only its readers see a loss, by the offsets. */
  delta<D extends EventDefinition>(definition: D, delta: Delta<D>): void {
    publishDelta(this.#parts, definition, delta);
  }

  /**
   * Asks a question of the catalog and resolves with its verified answer. Throws `QuestionUnanswered` (retryable) when nobody
   * answers within `timeoutMs` (default 2,000), the Failure that the answering handler threw, or `AnswerRefused` (terminal)
   * when what came back cannot be trusted.
   */
  ask<Q extends QuestionDefinition>(question: Q, asked: AskedOf<Q>, options: AskOptions = {}): Promise<AnswerOf<Q>> {
    return askQuestion(this.#parts, question, { asked, ...options });
  }

  /** Answers a question of the catalog, together with the service's other replicas. A Failure it throws reaches the asker. */
  answer<Q extends QuestionDefinition>(question: Q, handler: QuestionHandler<Q>): Consumption {
    return this.#keep(new Answering(this.#parts, question, handler));
  }

  /**
   * Hands every acceptable event of one type to `handler`, at least once, many at a time, in no order to rely on. Returning
   * means that its effects are committed. A terminal Failure ends the event, a retryable one brings it back, an unknown error
   * brings it back up to a limit.
   */
  consume<D extends EventDefinition>(
    definition: D,
    handler: EventHandler<D>,
    options: ConsumeOptions = {},
  ): Consumption {
    const { durable, loop, redrive } = consumeEvent(this.#parts, definition, { handler, ...options });
    this.#redrives.set(durable, redrive);
    return this.#keep(loop);
  }

  /**
   * Reads a stream whole and in order, in batches, deltas left out; for the service that keeps the record, and for one of its
   * replicas at a time. A batch whose handler throws is read again, then event by event; the one that cannot be recorded is
   * ended as in `consume`, and the reading goes on.
   */
  consumeStream(stream: StreamName, handler: RecordHandler, options: RecordOptions = {}): Consumption {
    const recording = new StreamRecording(this.#parts, stream, { handler, ...options });
    this.#redrives.set(recordDurableOf(stream), recording.redrive);
    return this.#keep(recording);
  }

  /**
   * What a letter that this service signed says: its own statement, whoever brought it here. Throws a terminal Failure where
   * it is another's, forged, or not the one with that id.
   */
  ownLetter(letter: Envelope, id: string): Letter['data'] {
    verifyEnvelope(this.#options.keyRing, letter, { from: [this.service], retired: true });
    if (letter.type !== LetterDied.type || letter.id !== id)
      throw Failure.terminal('LetterInvalid', `${letter.type} ${letter.id} is not the dead letter ${id}`);
    return LetterDied.data.parse(letter.data);
  }

  /**
   * Has this service's own consumer handle a dead letter's event again, verified again in full. Throws what the handler
   * throws, and a terminal Failure where the letter names no consumer of this process or does not carry its event.
   */
  async redrive(letter: Letter['data']): Promise<void> {
    const redrive = this.#redrives.get(letter.consumer);
    if (!redrive) throw Failure.terminal('ConsumerUnknown', `${this.service} has no consumer ${letter.consumer}`);
    await redrive(letter);
  }

  /** Where a stream begins and ends at present. Only for services that follow or record it. */
  streamState(stream: StreamName): Promise<StreamState> {
    return streamStateOf(this.#connection, stream);
  }

  /**
   * A conversation as it happens, deltas included, beginning after a cursor of the past: no gap, no duplicate, also across a
   * lost connection. Ends when `signal` aborts, or with a `reset` when the stream no longer holds what came after the cursor.
   */
  follow(conversationId: string, options: FollowOptions): AsyncIterable<Followed> {
    return follow({ ...this.#parts, feeds: this.#feeds }, conversationId, options);
  }

  /** What of the topology this service needs and the server lacks, one sentence each; empty when all is well. */
  missingTopology(): Promise<readonly string[]> {
    return missingFrom(this.#connection, this.service);
  }

  /** Stops everything that consumes or answers, waits for what is in hand, flushes and disconnects. */
  async close({ graceMs = defaultGraceMs }: StopOptions = {}): Promise<void> {
    await Promise.all([...this.#consumptions].map((consumption) => consumption.stop({ graceMs })));
    this.#feeds.close();
    await this.#connection.close();
  }

  get #parts() {
    const { identity, keyRing, logger, now, traceparent, publishWaitMs: waitMs = 10_000 } = this.#options;
    return { service: this.service, connection: this.#connection, identity, keyRing, logger, now, traceparent, waitMs };
  }

  #keep(consumption: Consumption): Consumption {
    const kept: Consumption = {
      stop: async (options) => {
        await consumption.stop(options);
        this.#consumptions.delete(kept);
      },
    };
    this.#consumptions.add(kept);
    return kept;
  }
}
