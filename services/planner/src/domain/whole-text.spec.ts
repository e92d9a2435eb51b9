import { describe, expect, it } from '@jest/globals';
import { WholeText } from './whole-text.ts';

describe('streamed text', () => {
  it('puts a character together that came in two pieces', () => {
    const text = new WholeText();
    expect([text.push('so \ud83d'), text.push('\ude00 it is'), text.end()]).toEqual(['so ', '😀 it is', '']);
  });

  it('replaces halves that stay alone, and NUL', () => {
    const text = new WholeText();
    expect([text.push('a\ud83d'), text.push('b\0'), text.push('\ud83d'), text.end()]).toEqual([
      'a',
      '\uFFFDb\uFFFD',
      '',
      '\uFFFD',
    ]);
  });
});
