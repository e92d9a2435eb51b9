import { describe, expect, it } from '@jest/globals';
import { passwordObjection } from './password-policy.ts';

describe('the password policy', () => {
  it.each(['correct horse battery', 'Tr0ub4dor&3-again', 'admin-password-1'])('has nothing against %j', (password) => {
    expect(passwordObjection(password, 'ada@example.com')).toBeUndefined();
  });

  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['Lovelace123456', 'lovelace@example.com'],
    ['aaaaaaaaaaaa', 'ada@example.com'],
    ['123456789012', 'ada@example.com'],
    ['abcdefghijkl', 'ada@example.com'],
  ])('objects to %j for %s', (password, email) => {
    expect(passwordObjection(password, email)).toEqual(expect.any(String));
  });
});
