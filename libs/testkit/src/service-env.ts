import type { ServiceName } from '@skyflo/contracts';
import type { TestDatabase } from './database.ts';
import type { TestNats } from './nats.ts';

/** The variables every service needs, for one that runs in the test's process on a suite's own servers. */
export function serviceEnv(
  service: ServiceName,
  { database, nats, port = 0 }: { database: TestDatabase; nats: TestNats; port?: number },
): NodeJS.ProcessEnv {
  const prefix = service.toUpperCase().replaceAll('-', '_');
  const variables = {
    PORT: String(port),
    DATABASE_URL: database.urlFor(service),
    NATS_URL: nats.url,
    NATS_SEED: nats.seeds[service],
    SIGNING_KEY: nats.signingKeys[service],
    PUBLIC_KEYS: nats.publicKeysJson,
    LOG_LEVEL: 'error',
  };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [`${prefix}_${name}`, value]));
}
