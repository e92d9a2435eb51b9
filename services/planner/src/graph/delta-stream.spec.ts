import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeltaStream, pauseFor } from './delta-stream.ts';

describe('the stream of deltas', () => {
  it('gathers longer the more answers stream at once, within limits', () => {
    expect([1, 15, 50, 1_000].map(pauseFor)).toEqual([30, 30, 100, 120]);
  });

  it('sends the first piece at once and joins what follows shortly after', async () => {
    const sent: object[] = [];
    const stream = new DeltaStream(
      (delta) => sent.push(delta),
      () => 20,
    );
    stream.push('text', 'one ');
    expect(sent).toEqual([{ kind: 'text', offset: 0, text: 'one ' }]);
    stream.push('text', 'two ');
    stream.push('text', 'three');
    await sleep(60);
    expect(sent.slice(1)).toEqual([{ kind: 'text', offset: 4, text: 'two three' }]);
    stream.end();
  });

  it('counts the offset of each kind for itself and loses nothing at the end', () => {
    const sent: { kind: string; offset: number; text: string }[] = [];
    const stream = new DeltaStream(
      (delta) => sent.push(delta),
      () => 10_000,
    );
    stream.push('thinking', 'hm');
    stream.push('thinking', ' so');
    stream.push('text', 'yes');
    stream.push('text', '!');
    stream.end();
    expect(sent).toEqual([
      { kind: 'thinking', offset: 0, text: 'hm' },
      { kind: 'thinking', offset: 2, text: ' so' },
      { kind: 'text', offset: 0, text: 'yes!' },
    ]);
  });
});
