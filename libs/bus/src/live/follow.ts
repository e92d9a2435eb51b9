/**
 * A conversation as it happens, from any point of its past, without a gap and without a duplicate.
 *
 * Each round: listen live (into a buffer) before anything is read, replay from the stream what is missing, then pass on what
 * came live meanwhile and comes from now on, dropping what the replay had already. Whenever something live may have been
 * missed (a reconnect, a full buffer) there is another round, from where this one had come to.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ensureFailure, type Envelope, type Failure } from '@skyflo/contracts';
import { acceptOrLog, type LiveFeeds, type Watching } from './live-feeds.ts';
import { replay } from './replay.ts';
import { streamStateOf, type StreamState } from './stream-state.ts';
import { ViewerBuffer } from './viewer-buffer.ts';

/** A place in a stream: the sequence of the last event seen, and which incarnation of the stream it is of. */
export type Cursor = { readonly incarnation: string; readonly sequence: number };

export type Followed =
  | { readonly kind: 'event'; readonly event: Envelope; readonly incarnation: string; readonly sequence: number }
  /** The stream cannot tell what came after the cursor: read the conversation anew. The last thing that is yielded. */
  | { readonly kind: 'reset' };

export type FollowOptions = {
  /** Default: from the beginning of what the stream holds. */
  readonly after?: Cursor | undefined;
  readonly signal: AbortSignal;
};

export type Following = Watching & { readonly feeds: LiveFeeds };

/** Live events that wait for a slow viewer; beyond it reads again from the stream at its own pace. */
const bufferedEvents = 1_000;
const connectionWaitMs = 30_000;
const afterErrorMs = 500;

/** Ends at an abort and after a `reset`. Loss of the connection does not end it. */
export async function* follow(
  bus: Following,
  conversationId: string,
  { after, signal }: FollowOptions,
): AsyncGenerator<Followed> {
  const buffer = new ViewerBuffer(bufferedEvents);
  const end = () => buffer.end();
  signal.addEventListener('abort', end);
  const unwatch = bus.feeds.watch(conversationId, buffer);
  const viewer = new Viewer(bus, conversationId, { buffer, after });
  try {
    while (!signal.aborted) {
      try {
        const goOn = yield* viewer.round();
        if (!goOn) return;
      } catch (thrown) {
        await pauseAfter(ensureFailure(thrown), { bus, conversationId, signal });
      }
    }
  } finally {
    unwatch();
    signal.removeEventListener('abort', end);
  }
}

class Viewer {
  readonly #bus: Following;
  readonly #conversationId: string;
  readonly #buffer: ViewerBuffer;
  #incarnation: string | undefined;
  /** Everything of the conversation up to here has been shown. */
  #covered: number;

  constructor(
    bus: Following,
    conversationId: string,
    { buffer, after }: { readonly buffer: ViewerBuffer; readonly after: Cursor | undefined },
  ) {
    this.#bus = bus;
    this.#conversationId = conversationId;
    this.#buffer = buffer;
    this.#incarnation = after?.incarnation;
    this.#covered = after?.sequence ?? 0;
  }

  /** False after a reset. */
  async *round(): AsyncGenerator<Followed, boolean> {
    const { connection } = this.#bus;
    await connection.whenConnected(connectionWaitMs);
    this.#buffer.restart();
    const state = await streamStateOf(connection, 'RUNS');
    if (this.#cannotGoOnIn(state)) {
      yield { kind: 'reset' };
      return false;
    }
    this.#incarnation = state.incarnation;
    this.#bus.feeds.learn(state.incarnation);
    yield* this.#replay(state.incarnation);
    this.#covered = Math.max(this.#covered, state.lastSequence);
    yield* this.#live(state.incarnation);
    return true;
  }

  async *#replay(incarnation: string): AsyncGenerator<Followed> {
    for await (const batch of replay(this.#bus.connection, this.#conversationId, this.#covered + 1))
      for (const { subject, data: payload, seq: sequence } of batch) {
        this.#covered = sequence;
        const event = acceptOrLog(this.#bus, { payload, subject, sequence });
        if (event) yield { kind: 'event', event, incarnation, sequence };
      }
  }

  /** Until another replay is needed. */
  async *#live(incarnation: string): AsyncGenerator<Followed> {
    for (;;) {
      const arrived = await this.#buffer.take();
      if (!arrived || arrived.length === 0) return;
      for (const { event, sequence } of arrived) {
        if (sequence <= this.#covered) continue;
        this.#covered = sequence;
        yield { kind: 'event', event, incarnation, sequence };
      }
    }
  }

  /** A stream made anew counts from 1 again; one that lost its tail is behind us; one that aged may have dropped what follows. */
  #cannotGoOnIn({ incarnation, firstSequence, lastSequence }: StreamState): boolean {
    if (this.#incarnation === undefined) return false;
    if (this.#incarnation !== incarnation || this.#covered > lastSequence) return true;
    return this.#covered < firstSequence - 1;
  }
}

async function pauseAfter(
  failure: Failure,
  {
    bus,
    conversationId,
    signal,
  }: { readonly bus: Following; readonly conversationId: string; readonly signal: AbortSignal },
): Promise<void> {
  if (signal.aborted) return;
  if (!failure.retryable) throw failure;
  bus.logger.warn('live view is read again', { conversationId, code: failure.code, error: failure.message });
  // The abort wakes it, and the loop ends.
  await delay(failure.afterMs ?? afterErrorMs, undefined, { signal }).catch(() => undefined);
}
