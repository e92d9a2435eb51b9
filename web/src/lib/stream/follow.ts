import type { FoldableEvent } from '@skyflo/contracts';
import { readEvent, streamedNames } from './events.ts';

export type Connection = 'connecting' | 'live' | 'reconnecting';

export type Following = {
  /** Where to begin; undefined is the conversation's first event. */
  readonly cursor: string | undefined;
  readonly url: (cursor: string | undefined) => string;
  readonly onEvent: (event: FoldableEvent, cursor: string) => void;
  /** The cursor is too old to be replayed: load the conversation again and follow from there. */
  readonly onReset: () => void;
  readonly onConnection: (connection: Connection) => void;
  /** Asked before a stream that was refused is opened again: renews the session if that is what it was. */
  readonly renew: () => Promise<unknown>;
  readonly open?: (url: string) => EventSource;
};

const firstRetryMs = 500;
const lastRetryMs = 8_000;

/**
 * Follows a conversation until the returned function is called. The browser reconnects broken streams by itself with
 * Last-Event-ID; what it gives up on (an answer other than 200: signed out, gateway away) is opened again from the cursor.
 */
export function follow(following: Following): () => void {
  const open = following.open ?? ((url: string) => new EventSource(url));
  let cursor = following.cursor;
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;
  let ended = false;

  function connect(): void {
    source = open(following.url(cursor));
    source.onopen = () => {
      retryMs = firstRetryMs;
      following.onConnection('live');
    };
    source.onerror = () => {
      following.onConnection('reconnecting');
      if (source.readyState === EventSource.CLOSED) retry();
    };
    for (const name of streamedNames) source.addEventListener(name, take);
    source.addEventListener('reset', reset);
  }

  function take(message: MessageEvent<string>): void {
    cursor = message.lastEventId;
    const event = readEvent(message.data);
    if (event) following.onEvent(event, cursor);
  }

  function reset(): void {
    source.close();
    following.onReset();
  }

  function retry(): void {
    source.close();
    timer = setTimeout(() => {
      // Renewing fails while the gateway is away; the next try finds out.
      void following
        .renew()
        .catch(() => undefined)
        .finally(() => {
          if (!ended) connect();
        });
    }, retryMs);
    retryMs = Math.min(retryMs * 2, lastRetryMs);
  }

  following.onConnection('connecting');
  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    source.close();
  };
}
