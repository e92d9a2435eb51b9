import { describe, expect, it } from 'vitest';
import { countHidden, toPieces } from './hidden-characters.ts';

const hiddenIn = (text: string): (string | undefined)[] =>
  toPieces(text).flatMap((piece) => (piece.hidden ? [piece.hidden.code] : []));

describe('hidden characters', () => {
  it('are found when they have no width or turn the reading direction', () => {
    expect(hiddenIn('chec\u200bkout')).toEqual(['U+200B']);
    expect(hiddenIn('a\u202eb\u2069')).toEqual(['U+202E', 'U+2069']);
    expect(hiddenIn('bell\u0007')).toEqual(['U+0007']);
  });

  it('are found when a letter of another script stands in a Latin word', () => {
    expect(hiddenIn('chеckout')).toEqual(['U+0435']);
  });

  it('are not line ends, tabs, accents, or words of one other script', () => {
    expect(hiddenIn('spec:\n\treplicas: 4')).toEqual([]);
    expect(hiddenIn('Tomás Rey, Привет мир')).toEqual([]);
  });

  it('keep the text around them', () => {
    expect(toPieces('a\u200bb').map((piece) => piece.text)).toEqual(['a', '\u200b', 'b']);
  });

  it('are counted in every member of a value', () => {
    expect(countHidden({ 'k\u200b': ['x', { y: 'z\u202e' }], n: 4 })).toBe(2);
  });
});
