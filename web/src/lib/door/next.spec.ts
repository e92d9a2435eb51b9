import { describe, expect, it } from 'vitest';
import { safeNext } from './next.ts';

describe('after signing in', () => {
  it('one lands where one wanted to go', () => {
    expect(safeNext('/c/0198')).toBe('/c/0198');
    expect(safeNext(null)).toBe('/');
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'])(
    'never at %s',
    (next) => {
      expect(safeNext(next)).toBe('/');
    },
  );
});
