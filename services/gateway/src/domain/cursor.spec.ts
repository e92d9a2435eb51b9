import { describe, expect, it } from '@jest/globals';
import { fromCursor, toCursor } from './cursor.ts';

describe('a cursor', () => {
  it('comes back as the place it was made of', () => {
    for (const place of [
      { incarnation: '20261124T085000123456789Z', sequence: 0 },
      { incarnation: '1732438200123', sequence: 987_654_321 },
    ])
      expect(fromCursor(toCursor(place))).toEqual(place);
  });

  it('fits a header and a query without escaping', () => {
    expect(toCursor({ incarnation: '2026-11-24T08:50:00.123456789Z', sequence: 12 })).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it.each(['', 'x', '%', 'Zm9v', btoa('a~b'), btoa('~1'), btoa('a~1') + '\n', 'a'.repeat(300)])(
    'is nothing where it was not made here: %j',
    (text) => {
      expect(fromCursor(text)).toBeUndefined();
    },
  );
});
