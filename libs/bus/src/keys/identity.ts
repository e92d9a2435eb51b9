import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ServiceName } from '@skyflo/contracts';

/** Who signs: a service with its private key, which cannot be read out of it. */
export class Identity {
  readonly service: ServiceName;
  /** Names the key in envelopes: `<service>-<first 12 hex digits of the SHA-256 of the public key>`. */
  readonly kid: string;
  readonly #key: KeyObject;

  constructor(service: ServiceName, key: KeyObject) {
    this.service = service;
    this.#key = key;
    this.kid = kidOf(service, createPublicKey(key));
  }

  /** For `sign` in this library only; a KeyObject shows nothing when it is logged. */
  get signingKey(): KeyObject {
    return this.#key;
  }
}

export type ServiceKey = {
  readonly kid: string;
  /** PKCS#8 DER in base64url: a secret of the one service. */
  readonly signingKey: string;
  /** SPKI DER in base64url: goes into everybody's key ring under `kid`. */
  readonly publicKey: string;
};

/** A fresh Ed25519 key pair for a service, in the text forms that configuration holds. */
export function generateServiceKey(service: ServiceName): ServiceKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    kid: kidOf(service, publicKey),
    signingKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
  };
}

/** Reads a service's private key as `generateServiceKey` wrote it. Throws an Error that says so without showing it. */
export function loadIdentity({
  service,
  signingKey,
}: {
  readonly service: ServiceName;
  readonly signingKey: string;
}): Identity {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(signingKey, 'base64url'), format: 'der', type: 'pkcs8' });
  } catch {
    // The cause would carry what was given, and that is a secret.
    throw new Error(`the signing key of ${service} is not PKCS#8 DER in base64url`);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`the signing key of ${service} is not an Ed25519 key`);
  return new Identity(service, key);
}

export function kidOf(service: ServiceName, publicKey: KeyObject): string {
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return `${service}-${createHash('sha256').update(der).digest('hex').slice(0, 12)}`;
}
