import { describe, expect, it } from '@jest/globals';
import { NewDecision, NewMessage } from './api/index.ts';
import { canonicalJson } from './json.ts';
import { wellFormed, wellFormedJson } from './well-formed.ts';

describe('text that comes in', () => {
  it('loses halves of characters and NUL, and nothing else', () => {
    expect(wellFormed('a\0b \ud83d c \ude00 😀 é')).toBe('a\uFFFDb \uFFFD c \uFFFD 😀 é');
  });

  it('can be signed afterwards, however deep it was hidden', () => {
    const value = { 'a\ud800': ['\ud800', { b: '\0', n: 1, none: null, yes: true }] };
    expect(() => canonicalJson(value)).toThrow();
    const cleaned = wellFormedJson(value);
    expect(cleaned).toEqual({ 'a\uFFFD': ['\uFFFD', { b: '\uFFFD', n: 1, none: null, yes: true }] });
    expect(() => canonicalJson(cleaned)).not.toThrow();
  });

  it('is cleaned in what people post', () => {
    expect(NewMessage.parse({ content: 'log: \0\ud800' }).content).toBe('log: \uFFFD\uFFFD');
    const decision = { decision: 'refuse', digest: 'a'.repeat(64), reason: 'no\0' };
    expect(NewDecision.parse(decision).reason).toBe('no\uFFFD');
  });
});
