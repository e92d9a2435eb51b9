import { describe, expect, it } from '@jest/globals';
import type { Envelope } from '@skyflo/contracts';
import { toIncarnation } from './stream-state.ts';
import { ViewerBuffer } from './viewer-buffer.ts';

const live = (sequence: number) => ({ sequence, event: {} as Envelope });

describe('the buffer of a viewer', () => {
  it('gives what has arrived, after waiting for it', async () => {
    const buffer = new ViewerBuffer(10);
    const taken = buffer.take();
    buffer.push(live(1));
    expect(await taken).toHaveLength(1);
  });

  it('asks for a replay when it overflows or something may be missing, and keeps again from then on', async () => {
    const buffer = new ViewerBuffer(2);
    for (const at of [1, 2, 3, 4]) buffer.push(live(at));
    expect(await buffer.take()).toBeUndefined();
    buffer.restart();
    buffer.push(live(5));
    expect(await buffer.take()).toEqual([live(5)]);
    buffer.push(live(6));
    buffer.invalidate();
    expect(await buffer.take()).toBeUndefined();
  });

  it('ends for whoever waits', async () => {
    const buffer = new ViewerBuffer(2);
    const taken = buffer.take();
    buffer.end();
    expect(await taken).toEqual([]);
  });
});

describe('the incarnation of a stream', () => {
  it('tells apart streams made within the same millisecond, and is safe in a cursor', () => {
    const [one, two] = ['2026-11-24T09:00:48.42869524Z', '2026-11-24T09:00:48.42869525Z'].map(toIncarnation);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^[0-9a-z]{12}$/);
    expect(toIncarnation('2026-11-24T09:00:48Z')).toBe(toIncarnation('2026-11-24T09:00:48.000Z'));
  });
});
