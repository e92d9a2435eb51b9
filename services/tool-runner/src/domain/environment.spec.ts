import { describe, expect, it } from '@jest/globals';
import { assertEnvironment, environmentWords, withVariables } from './environment.ts';

const nothing = { set: {}, refs: [], unset: [] };
const token = { name: 'TOKEN', from: 'Secret', object: 'db', key: 'token' } as const;
const tokenVariable = { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'db', key: 'token' } } };

describe('the environment of a container', () => {
  it('keeps the order it had, and new variables come last', () => {
    const before = [
      { name: 'A', value: '1' },
      { name: 'TOKEN', value: 'x' },
      { name: 'B', value: '$(A)' },
    ];
    expect(withVariables(before, { set: { C: '3', A: '2' }, refs: [token], unset: ['B'] })).toEqual([
      { name: 'A', value: '2' },
      tokenVariable,
      { name: 'C', value: '3' },
    ]);
  });

  it('holds a variable once afterwards, where the one that counted was', () => {
    const before = [
      { name: 'A', value: '1' },
      { name: 'B', value: '1' },
      { name: 'A', value: '2' },
    ];
    expect(withVariables(before, { ...nothing, set: { A: '3' } })).toEqual([
      { name: 'B', value: '1' },
      { name: 'A', value: '3' },
    ]);
    expect(withVariables(before, { ...nothing, unset: ['A'] })).toEqual([{ name: 'B', value: '1' }]);
    expect(withVariables(before, { ...nothing, unset: ['C'] })).toEqual(before);
  });

  it.each([
    ['InvalidArguments', nothing],
    ['InvalidArguments', { ...nothing, set: { TOKEN: '1' }, refs: [token] }],
    ['InvalidArguments', { ...nothing, unset: ['A', 'A'] }],
    ['SecretInPlain', { ...nothing, set: { DB_PASSWORD: 'hunter2' } }],
    ['SecretInPlain', { ...nothing, set: { DB: 'postgres://shop:hunter2@db/shop' } }],
  ])('is refused with %s: %j', (code, wish) => {
    expect(() => assertEnvironment(wish)).toThrow(expect.objectContaining({ code }));
  });

  it('takes switches that are only called like secrets, and references', () => {
    expect(() => assertEnvironment({ ...nothing, set: { TOKEN_TTL: '3600s' } })).not.toThrow();
    expect(() => assertEnvironment({ ...nothing, refs: [token] })).not.toThrow();
  });

  it('is told in one sentence', () => {
    expect(environmentWords({ set: { LEVEL: 'debug' }, refs: [token], unset: ['OLD'] })).toBe(
      'LEVEL=debug, TOKEN from Secret db, key token, OLD removed',
    );
  });
});
