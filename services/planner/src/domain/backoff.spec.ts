import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import { retryAfterMs } from './backoff.ts';

const policy = { retries: 3, baseMs: 1_000 };
const busy = Failure.retryable('ModelUnavailable', 'busy');

describe('the wait before the next try', () => {
  it('doubles', () => {
    expect([1, 2, 3].map((tried) => retryAfterMs(busy, tried, policy))).toEqual([1_000, 2_000, 4_000]);
  });

  it('is at least what the server asks for, within a minute', () => {
    expect(retryAfterMs(Failure.retryable('X', '', { afterMs: 7_000 }), 1, policy)).toBe(7_000);
    expect(retryAfterMs(Failure.retryable('X', '', { afterMs: 700_000 }), 1, policy)).toBe(60_000);
  });

  it('is none when the tries are used up or trying again cannot help', () => {
    expect(retryAfterMs(busy, 4, policy)).toBeUndefined();
    expect(retryAfterMs(Failure.terminal('ModelRefusedKey', ''), 1, policy)).toBeUndefined();
  });
});
