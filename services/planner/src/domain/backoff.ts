import type { Failure } from '@skyflo/contracts';

export type RetryPolicy = { readonly retries: number; readonly baseMs: number };

const longestMs = 60_000;

/** How long to wait before the next try, or undefined when there is none. What the model server asks for is respected. */
export function retryAfterMs(failure: Failure, tried: number, policy: RetryPolicy): number | undefined {
  if (!failure.retryable || tried > policy.retries) return undefined;
  const doubled = policy.baseMs * 2 ** (tried - 1);
  return Math.round(Math.min(longestMs, Math.max(doubled, failure.afterMs ?? 0)));
}
