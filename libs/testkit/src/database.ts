import { randomBytes } from 'node:crypto';
import { services } from '@skyflo/contracts';
import type { ServiceName } from '@skyflo/contracts';
import { databaseUrl, dropDatabase, provision } from '@skyflo/store';

export type TestDatabase = {
  /** The superuser's, of this database. */
  readonly adminUrl: string;
  urlFor(service: ServiceName): string;
  drop(): Promise<void>;
};

/** Roles belong to the whole server, which the suites share: everybody provisions the same passwords. */
const passwords = Object.fromEntries(services.map((service) => [service, `test of ${service}`])) as Record<
  ServiceName,
  string
>;

/** A fresh database on the shared Postgres, provisioned as in production; the suite that made it drops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env['SKYFLO_TEST_POSTGRES_URL'];
  if (serverUrl === undefined) throw new Error('SKYFLO_TEST_POSTGRES_URL is not set: run the suite with its servers');
  const options = { adminUrl: serverUrl, database: `test_${randomBytes(6).toString('hex')}`, passwords };
  await provision(options);
  const adminUrl = new URL(serverUrl);
  adminUrl.pathname = `/${options.database}`;
  return {
    adminUrl: adminUrl.href,
    urlFor: (service) => databaseUrl(options, service),
    drop: () => dropDatabase(options),
  };
}
