/** One event as server-sent events frame it (WHATWG HTML, 9.2). JSON never holds a bare line break, so `data` is one line. */
export function toSseFrame(frame: { readonly event: string; readonly id: string; readonly data: unknown }): string {
  return `event: ${frame.event}\nid: ${frame.id}\ndata: ${JSON.stringify(frame.data)}\n\n`;
}

/** What keeps a connection from looking dead; readers ignore it. */
export const comment = ':\n\n';

/** How long a browser waits before it comes back, in milliseconds. */
export const reconnectSoon = 'retry: 1000\n\n';

/**
 * The reader's place is gone: it loads the conversation and goes on from that cursor. The empty id makes a browser forget the
 * old place, or it would come back with it for ever.
 */
export const reset = 'event: reset\nid:\ndata: {}\n\n';
