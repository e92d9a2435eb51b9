import type { FoldableEvent } from '@skyflo/contracts';
import { readEvent, streamedNames } from './events.ts';

export type Connection = 'connecting' | 'live' | 'reconnecting';

export type Following = {
  /** Where to begin; undefined is the conversation's first event. */
  readonly cursor: string | undefined;
  readonly url: (cursor: string | undefined) => string;
  readonly onEvent: (event: FoldableEvent, cursor: string) => void;
  /** The cursor is too old to be replayed: loads the conversation again and answers from where to follow it. */
  readonly reload: () => Promise<string | undefined>;
  readonly onConnection: (connection: Connection) => void;
  /** Asked before a stream that was refused is opened again: whether somebody answers, and knows us. */
  readonly renew: () => Promise<unknown>;
  readonly open?: (url: string) => EventSource;
};

const firstRetryMs = 500;
const lastRetryMs = 8_000;

/**
 * Follows a conversation until the returned function is called, through whatever breaks: each event is handed on once, in order.
 *
 *   connecting ──open──▶ live ──breaks──▶ the browser reconnects by itself, with Last-Event-ID
 *        ▲                                   │ it gives up (an answer other than 200: signed out, gateway away)
 *        └──── renew, reload if reset ◀──────┘ after a pause that doubles; at once when the network is back
 */
export function follow(following: Following): () => void {
  const open = following.open ?? ((url: string) => new EventSource(url));
  let cursor = following.cursor;
  let stale = false;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let trying = false;
  let ended = false;

  function connect(): void {
    const opened = open(following.url(cursor));
    source = opened;
    opened.onopen = () => {
      retryMs = firstRetryMs;
      following.onConnection('live');
    };
    opened.onerror = () => {
      following.onConnection('reconnecting');
      if (opened.readyState === EventSource.CLOSED) retryLater();
    };
    for (const name of streamedNames) opened.addEventListener(name, take);
    opened.addEventListener('reset', reset);
  }

  function take(message: MessageEvent<string>): void {
    cursor = message.lastEventId;
    const event = readEvent(message.data);
    if (event) following.onEvent(event, cursor);
  }

  function reset(): void {
    stale = true;
    void retry();
  }

  function retryLater(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void retry(), retryMs);
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  }

  async function retry(): Promise<void> {
    clearTimeout(timer);
    source?.close();
    if (trying) return;
    trying = true;
    const back = await prepare().catch(() => false);
    trying = false;
    if (ended) return;
    if (back) connect();
    else retryLater();
  }

  /** Rejects while the gateway is away. */
  async function prepare(): Promise<boolean> {
    await following.renew();
    if (stale) cursor = await following.reload();
    stale = false;
    return true;
  }

  // A laptop that wakes up, or changes its network, holds connections that nobody has told it are dead.
  function online(): void {
    retryMs = firstRetryMs;
    following.onConnection('reconnecting');
    void retry();
  }

  function offline(): void {
    following.onConnection('reconnecting');
  }

  globalThis.addEventListener('online', online);
  globalThis.addEventListener('offline', offline);
  following.onConnection('connecting');
  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
    globalThis.removeEventListener('online', online);
    globalThis.removeEventListener('offline', offline);
  };
}
