import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the reader has taken what is buffered for it; one that does not within the time is cut off. */
export async function drained(response: ServerResponse, withinMs: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const until = { signal: AbortSignal.any([signal, over.signal]) };
  try {
    await Promise.race([
      once(response, 'drain', until),
      sleep(withinMs, undefined, until).then(() => response.destroy()),
    ]);
  } finally {
    over.abort();
  }
}
