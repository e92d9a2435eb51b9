import { createPublicKey, type KeyObject } from 'node:crypto';
import { services, type ServiceName } from '@skyflo/contracts';

export type VerifyingKey = {
  readonly service: ServiceName;
  readonly key: KeyObject;
  /** Verifies what was said, no longer what is being said. */
  readonly retired: boolean;
};

/** Everybody's public keys by `kid`; comes by configuration, never by the bus. */
export class KeyRing {
  readonly #keys: ReadonlyMap<string, VerifyingKey>;

  constructor(keys: ReadonlyMap<string, VerifyingKey>) {
    this.#keys = keys;
  }

  find(kid: string): VerifyingKey | undefined {
    return this.#keys.get(kid);
  }

  /** Services without a key that may sign something new. */
  missing(): ServiceName[] {
    const active = new Set([...this.#keys.values()].filter(({ retired }) => !retired).map(({ service }) => service));
    return services.filter((service) => !active.has(service));
  }
}

/**
 * Reads `{"<kid>": {"service": "gate", "publicKey": "<SPKI DER, base64url>", "retired"?: true}}`. Throws one Error that
 * lists everything wrong with it.
 */
export function loadKeyRing(json: string): KeyRing {
  const problems: string[] = [];
  const keys = new Map<string, VerifyingKey>();
  for (const [kid, entry] of Object.entries(parseObject(json))) {
    const read = readEntry(entry);
    if (typeof read === 'string') problems.push(`${kid}: ${read}`);
    else keys.set(kid, read);
  }
  if (keys.size === 0 && problems.length === 0) problems.push('it holds no key');
  if (problems.length > 0) throw new Error(`the key ring cannot be used: ${problems.join('; ')}`);
  return new KeyRing(keys);
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (isRecord(value)) return value;
  } catch {
    // Said below, in the same words as for any other JSON that is no object.
  }
  throw new Error('the key ring cannot be used: it is not a JSON object');
}

function readEntry(entry: unknown): VerifyingKey | string {
  if (!isRecord(entry)) return 'not an object';
  const service = services.find((name) => name === entry['service']);
  if (service === undefined) return `"service" must be one of ${services.join(', ')}`;
  const { publicKey, retired = false } = entry;
  if (typeof publicKey !== 'string') return '"publicKey" is missing';
  if (typeof retired !== 'boolean') return '"retired" must be true or false';
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? { service, key, retired } : '"publicKey" is not an Ed25519 key';
  } catch {
    return '"publicKey" is not SPKI DER in base64url';
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
