import { setTimeout as delay } from 'node:timers/promises';
import { lastLogLines } from './child.ts';
import type { Child } from './child.ts';

export type WaitOptions = {
  readonly timeoutMs: number;
  /** What is waited for, as it reads after "waited 10 s for". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Pause between two looks; default 50 ms. */
  readonly everyMs?: number;
  /** The process whose end makes waiting pointless: then the error shows the end of its log. */
  readonly child?: Child;
};

/**
 * Looks again and again until `condition` gives something true, and returns that. A throwing condition
 * means "not yet"; its last error becomes the cause of the time-out's.
 */
export async function waitFor<T>(condition: () => Promise<T> | T, options: WaitOptions): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  let cause: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    if (options.child?.exit !== undefined) throw new Error(endedEarly(options.child));
    try {
      const value = await condition();
      if (value) return value;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= deadline) throw new Error(`waited ${options.timeoutMs / 1000} s for ${options.what}`, { cause });
    await delay(options.everyMs ?? 50, undefined, { signal: options.signal });
  }
}

function endedEarly({ name, exit, logFile }: Child): string {
  return `${name} ended with ${exit?.signal ?? `code ${exit?.code}`}; the end of ${logFile}:\n${lastLogLines(logFile)}`;
}
