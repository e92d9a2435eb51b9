/**
 * Reads a stream whole and in order through one durable that acknowledges everything up to a message at once.
 *
 * The order is the hard part: whatever was delivered and never acknowledged (to a process that died, over a connection that
 * broke) would come again only after its ack wait, behind newer messages, and acknowledging one of those would drop it for
 * good. So each session begins by resetting the durable to its acknowledged floor, delivery numbers then count up from 1
 * without a hole, and the first hole, reconnect or failure ends the session and begins another.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { millis } from '@nats-io/nats-core';
import { ensureFailure, Failure, type Envelope, type StreamName } from '@skyflo/contracts';
import { acceptEvent } from '../events/accept.ts';
import { claimsOf } from '../events/claims.ts';
import { recordDurableOf } from '../topology/topology.ts';
import { Arrivals } from './arrivals.ts';
import { unlessAborted } from '../connection/unless-aborted.ts';
import type { Consuming, Redrive } from './consume-event.ts';
import { defaultGraceMs, endsWithin, type Consumption } from './consumption.ts';
import { originalOf, toLetter, type Bury } from './dead-letter.ts';
import { backoffMs, defaultMaxDeliveries, isHopeless } from './settle.ts';

export type RecordedEvent = {
  /** Verified and as it was signed. */
  readonly event: Envelope;
  readonly streamSequence: number;
};

export type RecordContext = {
  /** The highest sequence this batch covers, refused messages included. */
  readonly lastSequence: number;
  readonly signal: AbortSignal;
};

/** Called with batches in stream order, one after the other; returning means that the batch is committed. */
export type RecordHandler = (batch: readonly RecordedEvent[], context: RecordContext) => Promise<void>;

/**
 * Runs a session while it is this replica's turn and tells whether it was; the signal ends the session when the turn ends.
 * Two replicas reading through one durable would each see holes and start over for ever.
 */
export type Turn = (session: (signal: AbortSignal) => Promise<void>) => Promise<boolean>;

export type RecordOptions = {
  /** Default: it is always this process's turn. */
  readonly turn?: Turn;
  /** Events per batch at most; default 200. A batch is whatever has arrived by then, so it is small when little happens. */
  readonly batch?: number;
  /** How often an event whose recording throws an unknown error is tried; default 9, about a minute. */
  readonly maxTries?: number;
  /** Takes an event that cannot be recorded as a dead letter, and the reading goes on behind it; without it, it is logged. */
  readonly bury?: Bury | undefined;
};

const defaultBatch = 200;
const longestWaitMs = 30_000;
/** How long a replica that waits for its turn waits before it asks again. */
const askAgainMs = 1_000;
const always: Turn = async (session) => {
  await session(new AbortController().signal);
  return true;
};

export class StreamRecording implements Consumption {
  readonly #bus: Consuming;
  readonly #stream: StreamName;
  readonly #handler: RecordHandler;
  readonly #batch: number;
  readonly #turn: Turn;
  readonly #bury: Bury | undefined;
  readonly #limit: { readonly maxDeliveries: number };
  /** Up to here events are read one by one, because a batch failed and one of them is to blame. */
  #suspectUntil = 0;
  #suspect = { sequence: 0, tries: 0 };
  readonly #stopping = new AbortController();
  readonly #giveUp = new AbortController();
  readonly #running: Promise<void>;

  constructor(bus: Consuming, stream: StreamName, options: RecordOptions & { readonly handler: RecordHandler }) {
    this.#bus = bus;
    this.#stream = stream;
    this.#handler = options.handler;
    this.#batch = options.batch ?? defaultBatch;
    this.#turn = options.turn ?? always;
    // A letter about a letter would die of the same cause, and so on.
    this.#bury = stream === 'DEAD' ? undefined : options.bury;
    this.#limit = { maxDeliveries: options.maxTries ?? defaultMaxDeliveries };
    this.#running = this.#run();
  }

  async stop({ graceMs = defaultGraceMs } = {}): Promise<void> {
    this.#stopping.abort();
    if (await endsWithin(this.#running, graceMs)) return;
    this.#giveUp.abort();
    this.#bus.logger.warn('stopped with a batch in hand', { stream: this.#stream });
  }

  readonly redrive: Redrive = async (letter) => {
    const { payload, subject } = originalOf(letter);
    const { keyRing, now } = this.#bus;
    const { envelope: event } = acceptEvent(payload, subject, { keyRing, now, use: 'history' });
    const { signal } = this.#giveUp;
    // It moves no position: the record is long past it.
    await this.#handler([{ event, streamSequence: letter.streamSequence }], { lastSequence: 0, signal });
  };

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failed = 0; !signal.aborted;) {
      try {
        const worked = await this.#turn((turnSignal) =>
          this.#session(AbortSignal.any([signal, turnSignal]), () => (failed = 0)),
        );
        // A stop wakes it, and the loop ends.
        if (!worked) await delay(askAgainMs, undefined, { signal }).catch(() => undefined);
      } catch (thrown) {
        const failure = ensureFailure(thrown);
        failed += 1;
        const afterMs = failure.afterMs ?? backoffMs(failed);
        this.#bus.logger.warn('stream is read again from what was committed', {
          stream: this.#stream,
          code: failure.code,
          error: failure.message,
          afterMs,
        });
        // A stop wakes it, and the loop ends.
        await delay(afterMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #session(signal: AbortSignal, onCommitted: () => void): Promise<void> {
    const { connection } = this.#bus;
    await connection.whenConnected(longestWaitMs);
    const arrivals = new Arrivals<JsMsg>();
    const asked = connection.jsm.consumers.reset(this.#stream, recordDurableOf(this.#stream));
    const info = await connection.whileConnected(asked);
    const messages = await connection.js.consumers
      .getConsumerFromInfo(info)
      .consume({ max_messages: this.#batch * 2, bind: true, callback: (message) => arrivals.push(message) });
    const end = () => arrivals.end();
    const unwatch = connection.onChange(end);
    void messages.closed().then(end);
    void endWhenGone(messages, end);
    signal.addEventListener('abort', end);
    const heartbeat = setInterval(() => arrivals.stayAlive(), millis(info.config.ack_wait ?? 0) / 3);
    try {
      while (!signal.aborted) {
        const batch = await arrivals.next(this.#suspectUntil === 0 ? this.#batch : 1);
        if (batch.length === 0) return;
        await this.#commit(batch);
        arrivals.committed();
        onCommitted();
      }
    } finally {
      clearInterval(heartbeat);
      signal.removeEventListener('abort', end);
      unwatch();
      await messages.close();
    }
  }

  async #commit(batch: readonly JsMsg[]): Promise<void> {
    const accepted = batch.flatMap((message) => this.#accept(message));
    const lastSequence = batch.at(-1)?.seq ?? 0;
    const { signal } = this.#giveUp;
    try {
      if (accepted.length > 0) await unlessAborted(this.#handler(accepted, { lastSequence, signal }), signal);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      await this.#endOrThrow(thrown, batch, accepted);
    }
    if (lastSequence >= this.#suspectUntil) this.#suspectUntil = 0;
    batch.at(-1)?.ack();
  }

  /** Returns when the event to blame has been buried and the reading may go on; otherwise throws, and it is read again. */
  async #endOrThrow(thrown: unknown, batch: readonly JsMsg[], accepted: readonly RecordedEvent[]): Promise<void> {
    if (thrown instanceof Failure && thrown.retryable) throw thrown;
    const [message, ...others] = batch;
    const [recorded] = accepted;
    if (!message || !recorded || others.length > 0) {
      this.#suspectUntil = batch.at(-1)?.seq ?? 0;
      const { message: reason } = ensureFailure(thrown);
      throw Failure.retryable('BatchFailed', `one of ${batch.length} events: ${reason}`, { afterMs: 0 });
    }
    const { seq: streamSequence, data: payload } = message;
    const tries = this.#suspect.sequence === streamSequence ? this.#suspect.tries + 1 : 1;
    this.#suspect = { sequence: streamSequence, tries };
    if (!isHopeless(thrown, tries, this.#limit)) throw thrown;
    const failure = ensureFailure(thrown);
    const { event: envelope } = recorded;
    const consumer = recordDurableOf(this.#stream);
    const dead = { consumer, stream: this.#stream, streamSequence, envelope, payload, failure, tries };
    await this.#bury?.(toLetter({ ...dead, at: this.#bus.now() }));
    const { id: eventId, type: eventType } = envelope;
    const pairs = { stream: this.#stream, streamSequence, eventId, eventType, tries };
    this.#bus.logger.error('event not recorded', { ...pairs, code: failure.code, error: failure.message });
  }

  #accept(message: JsMsg): RecordedEvent[] {
    try {
      const { keyRing, now } = this.#bus;
      const { envelope } = acceptEvent(message.data, message.subject, { keyRing, now, use: 'history' });
      return [{ event: envelope, streamSequence: message.seq }];
    } catch (thrown) {
      const { code, message: error } = ensureFailure(thrown);
      const { seq: streamSequence, subject } = message;
      const claimed = claimsOf(message.data);
      this.#bus.logger.error('event refused', { stream: this.#stream, streamSequence, subject, claimed, code, error });
      return [];
    }
  }
}

/** A durable that went with its stream delivers nothing more; the next session finds the one that was made in its place. */
async function endWhenGone(messages: ConsumerMessages, end: () => void): Promise<void> {
  for await (const { type } of messages.status()) {
    if (type === 'consumer_deleted' || type === 'consumer_not_found' || type === 'stream_not_found') return end();
  }
}
