import { invalidateAll } from '$app/navigation';
import { ApiError } from '#lib/api/problem.ts';
import { poll } from './poll.ts';

const everyMs = 3_000;

/** Asks until somebody answers, then loads the page again; returns how to stop. */
export function comeBack(ask: () => Promise<unknown>): () => void {
  const waiting = new AbortController();
  const tried = async (): Promise<void> => {
    await ask().catch((thrown: unknown) => {
      // Signed out, or not found: that is somebody's answer, and the page that is loaded again knows what to do with it.
      if (!(thrown instanceof ApiError) || thrown.status === 0 || thrown.status >= 500) throw thrown;
    });
    if (!waiting.signal.aborted) await invalidateAll();
  };
  poll(tried, () => everyMs, waiting.signal);
  return () => waiting.abort();
}
