import { describe, expect, it } from '@jest/globals';
import { callIdOf, derivedId, EventId, fromCallId, fromGrantId, grantIdOf, newId } from './ids.ts';
import { argsDigest, canonicalJson } from './json.ts';

const run = newId();

describe('ids', () => {
  it('name a call and a grant, and fit into a label with room to spare', () => {
    const grant = grantIdOf(callIdOf(run, 9999, 9999), 9999);
    expect(grant.length).toBeLessThanOrEqual(63);
    expect(fromCallId(fromGrantId(grant).callId)).toEqual({ runId: run, step: 9999, index: 9999 });
  });

  it('refuse what is no call id', () => {
    expect(() => fromCallId(`${run}.1`)).toThrow();
    expect(() => grantIdOf('../x', 1)).toThrow();
  });

  it('are derived alike from the same cause, and differently for another type or number', () => {
    expect(derivedId('cause', 'tool.finished.v1')).toBe(derivedId('cause', 'tool.finished.v1'));
    expect(new Set([derivedId('c', 'a'), derivedId('c', 'b'), derivedId('c', 'a', 1), derivedId('d', 'a')]).size).toBe(
      4,
    );
    expect(EventId.parse(derivedId('c', 'a')).charAt(14)).toBe('8');
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of members', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 2 }], a: 'ü' })).toBe('{"a":"ü","b":[1,{"c":2,"d":1}]}');
    expect(argsDigest({ a: 1, b: 2 })).toBe(argsDigest({ b: 2, a: 1 }));
  });

  it('has no form for what JSON cannot say', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow();
    expect(() => canonicalJson(undefined)).toThrow();
  });
});
