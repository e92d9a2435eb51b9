import { describe, expect, it } from '@jest/globals';
import { AttemptLimit } from './attempt-limit.ts';

const limited = () => new AttemptLimit({ max: 3, windowMs: 1_000, maxKeys: 2 });

describe('the limit of attempts', () => {
  it('blocks a key after too many failures until its window ends', () => {
    const limit = limited();
    for (const at of [0, 100, 200]) {
      expect(limit.blockedForMs('ada', at)).toBe(0);
      limit.failed('ada', at);
    }
    expect(limit.blockedForMs('ada', 300)).toBe(700);
    expect(limit.blockedForMs('bob', 300)).toBe(0);
    expect(limit.blockedForMs('ada', 1_000)).toBe(0);
    limit.failed('ada', 1_000);
    expect(limit.blockedForMs('ada', 1_001)).toBe(0);
  });

  it('forgets the failures of a key that succeeded', () => {
    const limit = limited();
    for (let i = 0; i < 3; i += 1) limit.failed('ada', 0);
    limit.succeeded('ada');
    expect(limit.blockedForMs('ada', 1)).toBe(0);
  });

  it('keeps no more keys than it was given room for', () => {
    const limit = limited();
    for (let i = 0; i < 3; i += 1) limit.failed('ada', 0);
    limit.failed('bob', 1);
    limit.failed('eve', 2);
    expect(limit.blockedForMs('ada', 3)).toBe(0);
  });
});
