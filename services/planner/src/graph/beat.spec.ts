import { describe, expect, it } from '@jest/globals';
import { Beat, pauseFor } from './beat.ts';

const nextBeat = (beat: Beat) => new Promise<void>((resolve) => beat.await(resolve));

describe('the beat', () => {
  it('is longer the more answers stream at once, within limits', () => {
    expect([1, 15, 50, 1_000].map(pauseFor)).toEqual([30, 30, 100, 120]);
  });

  it('strikes once for all who wait, with nothing of theirs in between', async () => {
    const beat = new Beat(() => 5);
    const said: string[] = [];
    for (const name of ['one', 'two'])
      beat.await(() => {
        said.push(name);
        queueMicrotask(() => said.push(`after ${name}`));
      });
    await nextBeat(beat);
    expect(said).toEqual(['one', 'two', 'after one', 'after two']);
  });

  it('has those wait for the next one who come while it strikes', async () => {
    const beat = new Beat(() => 5);
    const said: string[] = [];
    beat.await(() => beat.await(() => said.push('next')));
    await nextBeat(beat);
    expect(said).toEqual([]);
    await nextBeat(beat);
    expect(said).toEqual(['next']);
  });

  it('forgets who leaves, also who was the last, and goes on for who comes then', async () => {
    const beat = new Beat(() => 5);
    const said: string[] = [];
    const act = () => said.push('left');
    beat.await(act);
    beat.leave(act);
    await nextBeat(beat);
    expect(said).toEqual([]);
  });
});
