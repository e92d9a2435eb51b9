import { describe, expect, it } from '@jest/globals';
import { claimsOf } from './claims.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('what a message claims', () => {
  it('is who and what it says it is, and nothing of what it holds', () => {
    const payload = bytes(JSON.stringify({ id: '1', source: 'gate', kid: 'k', type: 7, data: { secret: 'x' } }));
    expect(claimsOf(payload)).toEqual({ bytes: payload.length, id: '1', source: 'gate', kid: 'k' });
  });

  it('is cut short', () => {
    expect(claimsOf(bytes(JSON.stringify({ source: 'x'.repeat(10_000) }))).source).toHaveLength(200);
  });

  it.each(['no JSON', '', 'null', '7', '[]', '"text"'])('is nothing where it is %j', (text) => {
    expect(claimsOf(bytes(text))).toEqual({ bytes: bytes(text).length });
  });
});
