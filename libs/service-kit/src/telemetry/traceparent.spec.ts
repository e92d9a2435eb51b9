import { describe, expect, it } from '@jest/globals';
import { newTraceparent, readTraceparent, toTraceparent } from './traceparent.ts';

const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a traceparent', () => {
  it('is read and written without a change', () => {
    const parts = readTraceparent(given);
    expect(parts).toEqual({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', flags: 1 });
    expect(parts && toTraceparent(parts)).toBe(given);
  });

  it.each([
    undefined,
    '',
    given.toUpperCase(),
    given.replace('00-', 'ff-'),
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    `${given}\n`,
  ])('is not read from %j', (text) => expect(readTraceparent(text)).toBeUndefined());

  it('can be made where none came, each another one', () => {
    expect(readTraceparent(newTraceparent())).toMatchObject({ flags: 0 });
    expect(newTraceparent()).not.toBe(newTraceparent());
  });
});
