import { setTimeout as sleep } from 'node:timers/promises';
import type { Answered, Exchange } from './transport.ts';

const tries = 4;
const firstPauseMs = 100;
/** An API server under priority and fairness may ask for long pauses; a person waits at the other end. */
const longestPauseMs = 3_000;

/**
 * Asks up to four times where trying again can help: 429 after the pause the server asks for, 5xx and failed connections
 * with doubling pauses, 401 once (credentials were renewed meanwhile). Only for GET: a write is never repeated blindly.
 */
export async function retryingGet(ask: () => Promise<Exchange>, signal?: AbortSignal): Promise<Answered> {
  for (let n = 1; ; n += 1) {
    const exchange = await ask();
    const pauseMs = n < tries ? pauseBefore(exchange, n) : undefined;
    if (pauseMs === undefined) {
      if (exchange.kind === 'failed') throw exchange.failure;
      return exchange.answer;
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

function pauseBefore(exchange: Exchange, n: number): number | undefined {
  const pauseMs = firstPauseMs * 2 ** (n - 1);
  if (exchange.kind === 'failed') return exchange.failure.retryable ? pauseMs : undefined;
  const { status, retryAfterMs } = exchange.answer;
  if (status === 401) return n === 1 ? 0 : undefined;
  if (status !== 429 && status < 500) return undefined;
  const asked = retryAfterMs ?? pauseMs;
  return asked <= longestPauseMs ? asked : undefined;
}
