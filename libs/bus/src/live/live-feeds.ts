import { RepublishHeaders } from '@nats-io/jetstream';
import type { Msg, Subscription } from '@nats-io/nats-core';
import { conversationSubject, ensureFailure, type Envelope } from '@skyflo/contracts';
import type { Connection } from '../connection/connection.ts';
import { acceptEvent } from '../events/accept.ts';
import { claimsOf } from '../events/claims.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { BusLogger } from '../logger.ts';
import { livePrefix } from '../topology/topology.ts';
import { streamStateOf } from './stream-state.ts';
import type { ViewerBuffer } from './viewer-buffer.ts';

type Feed = { readonly subscription: Subscription; readonly viewers: Set<ViewerBuffer> };

export type Watching = {
  readonly connection: Connection;
  readonly keyRing: KeyRing;
  readonly logger: BusLogger;
  readonly now: () => Date;
};

/** How often the stream is asked whether it is still the same one, while somebody looks. */
const askAgainMs = 5_000;

/**
 * One live subscription per conversation that is being looked at here, however many look; each event is verified once for
 * all of them. Core NATS delivers at most once, so a reconnect makes every viewer replay, and so does a stream that was made
 * anew: its sequences mean something else, which the live events themselves do not tell.
 */
export class LiveFeeds {
  readonly #bus: Watching;
  readonly #feeds = new Map<string, Feed>();
  readonly #unwatch: () => void;
  readonly #asking: NodeJS.Timeout;
  #incarnation: string | undefined;

  constructor(bus: Watching) {
    this.#bus = bus;
    this.#asking = setInterval(() => void this.#compare(), askAgainMs).unref();
    this.#unwatch = bus.connection.onChange(() => this.#invalidateAll());
  }

  /** From the moment this returns, events stored in the stream reach the buffer. The result ends it. */
  watch(conversationId: string, viewer: ViewerBuffer): () => void {
    const feed = this.#feeds.get(conversationId) ?? this.#open(conversationId);
    feed.viewers.add(viewer);
    return () => {
      feed.viewers.delete(viewer);
      if (feed.viewers.size > 0 || this.#feeds.get(conversationId) !== feed) return;
      this.#feeds.delete(conversationId);
      feed.subscription.unsubscribe();
    };
  }

  /** Which stream it is now, by whoever asked; where it is another one than before, every viewer replays. */
  learn(incarnation: string): void {
    const before = this.#incarnation;
    this.#incarnation = incarnation;
    if (before !== undefined && before !== incarnation) this.#invalidateAll();
  }

  close(): void {
    this.#unwatch();
    clearInterval(this.#asking);
    for (const { subscription } of this.#feeds.values()) subscription.unsubscribe();
    this.#feeds.clear();
  }

  #open(conversationId: string): Feed {
    const { nc } = this.#bus.connection;
    const viewers = new Set<ViewerBuffer>();
    const subscription = nc.subscribe(`${livePrefix}.${conversationSubject(conversationId)}`, {
      callback: (error, message) => {
        if (error) this.#bus.logger.error('live events do not arrive', { conversationId, error: error.message });
        else this.#arrived(message, viewers);
      },
    });
    const feed = { subscription, viewers };
    this.#feeds.set(conversationId, feed);
    return feed;
  }

  #arrived(message: Msg, viewers: ReadonlySet<ViewerBuffer>): void {
    const sequence = Number(message.headers?.get(RepublishHeaders.Sequence));
    const subject = message.subject.slice(livePrefix.length + 1);
    const event = acceptOrLog(this.#bus, { payload: message.data, subject, sequence });
    if (event) for (const viewer of viewers) viewer.push({ event, sequence });
  }

  async #compare(): Promise<void> {
    if (this.#feeds.size === 0) return;
    // A stream that cannot be asked, or is not there, is none to compare with; the next time will tell.
    const state = await streamStateOf(this.#bus.connection, 'RUNS').catch(() => undefined);
    if (state) this.learn(state.incarnation);
  }

  #invalidateAll(): void {
    for (const { viewers } of this.#feeds.values()) for (const viewer of viewers) viewer.invalidate();
  }
}

export type Shown = { readonly payload: Uint8Array; readonly subject: string; readonly sequence: number };

/** What must not be shown is left out, with a word about it in the log. */
export function acceptOrLog({ keyRing, now, logger }: Watching, shown: Shown): Envelope | undefined {
  try {
    return acceptEvent(shown.payload, shown.subject, { keyRing, now, use: 'history' }).envelope;
  } catch (thrown) {
    const { code, message: error } = ensureFailure(thrown);
    const { subject, sequence: streamSequence, payload } = shown;
    logger.error('event not shown', { subject, streamSequence, claimed: claimsOf(payload), code, error });
    return undefined;
  }
}
