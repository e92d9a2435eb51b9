import { describe, expect, it } from '@jest/globals';
import { nkeyAuthenticator, nkeys } from '@nats-io/nats-core';
import { authenticateAs, generateNatsUser } from './nats-user.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a user of the NATS server', () => {
  it('is one to NATS’ own library, with the same public key', () => {
    for (let n = 0; n < 5; n += 1) {
      const { seed, publicKey } = generateNatsUser();
      expect(seed).toMatch(/^SU[A-Z2-7]{56}$/);
      expect(publicKey).toMatch(/^U[A-Z2-7]{55}$/);
      expect(nkeys.fromSeed(bytes(seed)).getPublicKey()).toBe(publicKey);
    }
  });

  it('proves who it is as NATS’ own client does, also with a seed that NATS made', () => {
    const pair = nkeys.createUser();
    for (const seed of [generateNatsUser().seed, new TextDecoder().decode(pair.getSeed())])
      expect(authenticateAs(seed)('PXoWU7zWAMt75FY')).toEqual(nkeyAuthenticator(bytes(seed))('PXoWU7zWAMt75FY'));
  });

  it('is nobody with a mistyped seed, a public key, another kind of seed or none, and the message does not show it', () => {
    const { seed, publicKey } = generateNatsUser();
    const mistyped = `${seed.slice(0, 20)}${seed[20] === 'A' ? 'B' : 'A'}${seed.slice(21)}`;
    const account = new TextDecoder().decode(nkeys.createAccount().getSeed());
    for (const wrong of [mistyped, publicKey, account, seed.slice(0, -1), seed.toLowerCase(), 'S', '']) {
      expect(() => authenticateAs(wrong)).toThrow(/not the seed of a NATS user/);
      if (wrong.length > 1) expect(() => authenticateAs(wrong)).not.toThrow(wrong);
    }
  });
});
