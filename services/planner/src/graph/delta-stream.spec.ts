import { describe, expect, it } from '@jest/globals';
import { Beat } from './beat.ts';
import { DeltaStream } from './delta-stream.ts';

type Sent = { readonly kind: string; readonly offset: number; readonly text: string };

function aStream(everyMs: number) {
  const beat = new Beat(() => everyMs);
  const sent: Sent[] = [];
  const stream = new DeltaStream((delta) => sent.push(delta), beat);
  return { stream, sent, nextBeat: () => new Promise<void>((resolve) => beat.await(resolve)) };
}

describe('the stream of deltas', () => {
  it('sends the first piece at once, joins what follows, and is quick again after a pause', async () => {
    const { stream, sent, nextBeat } = aStream(20);
    stream.push('text', 'one ');
    expect(sent).toEqual([{ kind: 'text', offset: 0, text: 'one ' }]);
    stream.push('text', 'two ');
    stream.push('text', 'three');
    expect(sent).toHaveLength(1);
    await nextBeat();
    expect(sent.slice(1)).toEqual([{ kind: 'text', offset: 4, text: 'two three' }]);
    await nextBeat();
    stream.push('text', ' four');
    expect(sent.at(-1)).toEqual({ kind: 'text', offset: 13, text: ' four' });
    stream.end();
  });

  it('counts the offset of each kind for itself and loses nothing at the end', () => {
    const { stream, sent } = aStream(10_000);
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

  it('says nothing by itself after its end', async () => {
    const { stream, sent, nextBeat } = aStream(5);
    stream.push('text', 'one');
    stream.end();
    await nextBeat();
    expect(sent).toHaveLength(1);
  });
});
