import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Authenticator } from '@nats-io/nats-core';
import { fromNkey, toNkey } from './nkey-text.ts';

export type NatsUser = {
  /** Starts with `SU`: the secret a service connects with. */
  readonly seed: string;
  /** Starts with `U`: goes into the server's configuration. */
  readonly publicKey: string;
};

const userByte = 20 << 3;
/** A seed says first that it is one, then of what: 5 bits each, which base32 shows as `S` and `U`. */
const seedBytes = [(18 << 3) | (userByte >> 5), (userByte & 31) << 3];
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A fresh nkey user: the server learns the public half only. */
export function generateNatsUser(): NatsUser {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(pkcs8Head.length);
  return { seed: toNkey([...seedBytes, ...seed]), publicKey: publicKeyOf(privateKey) };
}

/**
 * Proves to a server who connects, by signing what it just made up. On Node's own Ed25519: the client's is JavaScript, and one
 * proof of it takes a process that has just started a tenth of a second. Throws when the seed is not a user's.
 */
export function authenticateAs(seed: string): Authenticator {
  const bytes = fromNkey(seed);
  if (bytes?.length !== 34 || !seedBytes.every((byte, at) => bytes[at] === byte))
    throw new Error('the seed is not the seed of a NATS user (SU…)'); // Without showing it: it may be nearly one.
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Head, bytes.subarray(2)]),
    format: 'der',
    type: 'pkcs8',
  });
  const nkey = publicKeyOf(key);
  return (nonce = '') => ({ nkey, sig: sign(null, Buffer.from(nonce), key).toString('base64') });
}

function publicKeyOf(key: KeyObject): string {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return toNkey([userByte, ...Buffer.from(x, 'base64url')]);
}
