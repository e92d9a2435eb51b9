import { describe, expect, it } from 'vitest';
import { mayDecideWords } from './deciders.ts';

describe('who may decide', () => {
  it('is told by name where the names are known', () => {
    expect(mayDecideWords(true, ['Priya Raman', 'Tomás Rey'])).toBe('You, Priya Raman or Tomás Rey');
    expect(mayDecideWords(true, [])).toBe('You');
  });

  it('is told by role where they are not', () => {
    expect([mayDecideWords(true, undefined), mayDecideWords(false, undefined)]).toEqual([
      'You, or another approver',
      'An approver',
    ]);
  });
});
