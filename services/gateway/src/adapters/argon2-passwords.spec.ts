import { describe, expect, it } from '@jest/globals';
import { Argon2Passwords } from './argon2-passwords.ts';

const passwords = new Argon2Passwords();

describe('stored passwords', () => {
  it('are argon2id with the cost in the hash, salted each time', async () => {
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
  });

  it('are told from every other', async () => {
    const hash = await passwords.hash('Löwe auf dem Dach');
    expect(await passwords.verify('Löwe auf dem Dach'.normalize('NFD'), hash)).toBe(true);
    expect(await passwords.verify('löwe auf dem Dach', hash)).toBe(false);
  });

  it('are checked with a cost of the past, too', async () => {
    // The reference implementation's output for these parameters.
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await passwords.verify('password', hash)).toBe(true);
  });

  it('never fit where there is no account', async () => {
    expect(await passwords.verify('', undefined)).toBe(false);
  });
});
