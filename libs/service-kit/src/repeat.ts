import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.ts';

export type Repeated = {
  /** Lets the work in hand end and does it no more. */
  stop(): Promise<void>;
};

/**
 * Does work again and again, beginning now and `everyMs` after it last ended; for sweeps that find what was missed. What
 * fails is logged under `what` and done again: a sweep must outlive a database that is away for a while.
 */
export function repeat(
  work: () => Promise<void>,
  { everyMs, what, logger }: { readonly everyMs: number; readonly what: string; readonly logger: Logger },
): Repeated {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      await work().catch((error: unknown) => logger.warn('repeated work failed', { what, error }));
      // Only the abort ends a sleep early.
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
