import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateNatsUser, generateServiceKey } from '@skyflo/bus';
import type { NatsUser, ServiceKey } from '@skyflo/bus';
import { services } from '@skyflo/contracts';
import type { ServiceName } from '@skyflo/contracts';

export type ServiceSecrets = ServiceKey & { readonly nats: NatsUser; readonly databasePassword: string };

/** Every secret of one installation. */
export type StackKeys = {
  readonly services: Readonly<Record<ServiceName, ServiceSecrets>>;
  readonly natsAdmin: NatsUser;
  /** Signs the access tokens that the gateway gives out. */
  readonly tokenKey: string;
  /** Keys the tool-runner's digests of request bytes and Secret values: 64 hex digits. */
  readonly ledgerKey: string;
  /** What the one-time set-up link carries. */
  readonly setupToken: string;
};

/**
 * Made at the first start and found again at later ones, in a file that only its owner can read. What a newer
 * version needs in addition is added; what is there is never changed, because events are signed with it.
 */
export function loadKeys(folder: string): StackKeys {
  const file = join(folder, 'keys.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<StackKeys>) : {};
  const keys: StackKeys = {
    natsAdmin: generateNatsUser(),
    tokenKey: randomBytes(32).toString('hex'),
    ledgerKey: randomBytes(32).toString('hex'),
    setupToken: randomBytes(24).toString('base64url'),
    ...kept,
    services: {
      ...(Object.fromEntries(services.map((name) => [name, newSecrets(name)])) as StackKeys['services']),
      ...kept.services,
    },
  };
  const text = JSON.stringify(keys, undefined, 2);
  if (text !== JSON.stringify(kept, undefined, 2)) write(folder, file, text);
  return keys;
}

/** Everybody's public keys, as every service is given them. */
export function keyRingOf(keys: StackKeys): string {
  return JSON.stringify(
    Object.fromEntries(
      services.map((service) => [keys.services[service].kid, { service, publicKey: keys.services[service].publicKey }]),
    ),
  );
}

function newSecrets(service: ServiceName): ServiceSecrets {
  return {
    ...generateServiceKey(service),
    nats: generateNatsUser(),
    databasePassword: randomBytes(24).toString('base64url'),
  };
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
