import { services } from '@skyflo/contracts';
import type { ServiceName } from '@skyflo/contracts';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { scramVerifier } from './scram.ts';

export type ProvisionOptions = {
  /** A role that may create databases and roles, connected to any database of the server. */
  readonly adminUrl: string;
  /** Letters, digits, `-` and `_`: it travels in URLs, which drivers read differently. */
  readonly database: string;
  readonly passwords: Readonly<Record<ServiceName, string>>;
};

/**
 * Makes the database, and in it one schema and one login role per service: the role owns its own schema and may do nothing
 * anywhere else. May be run again at any time, also by several at once; passwords become those given.
 */
export async function provision(options: ProvisionOptions): Promise<void> {
  if (!/^[\w-]{1,63}$/.test(options.database)) throw new TypeError(`not a name for a database: ${options.database}`);
  await connected(options.adminUrl, async (admin) => {
    // Roles belong to the whole server and do not bear being altered by two at once. The lock goes with the connection.
    await admin.query("select pg_advisory_lock(hashtextextended('provision', 0))");
    for (const service of services) await makeRole(admin, service, options.passwords[service]);
    await makeDatabase(admin, options.database);
    await connected(withDatabase(options.adminUrl, options.database), (client) =>
      makeSchemas(client, options.database),
    );
  });
}

/** The URL with which a service connects to what `provision` made. */
export function databaseUrl(options: ProvisionOptions, service: ServiceName): string {
  const url = new URL(withDatabase(options.adminUrl, options.database));
  url.username = encodeURIComponent(service);
  url.password = encodeURIComponent(options.passwords[service]);
  return url.href;
}

/** Removes the database with everything in it, whoever is connected. The roles stay: other databases may know them. */
export async function dropDatabase({ adminUrl, database }: Omit<ProvisionOptions, 'passwords'>): Promise<void> {
  await connected(adminUrl, async (admin) => {
    await admin.query(`drop database if exists ${escapeIdentifier(database)} with (force)`);
  });
}

async function makeRole(admin: Client, service: ServiceName, password: string): Promise<void> {
  const role = escapeIdentifier(service);
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [service]);
  if (rowCount === 0) await admin.query(`create role ${role}`);
  // Definitions take no parameters.
  await admin.query(`alter role ${role} login noinherit password ${escapeLiteral(scramVerifier(password))}`);
}

async function makeDatabase(admin: Client, database: string): Promise<void> {
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [database]);
  if (rowCount === 0) await admin.query(`create database ${escapeIdentifier(database)}`);
}

async function makeSchemas(client: Client, databaseName: string): Promise<void> {
  const database = escapeIdentifier(databaseName);
  await client.query(`revoke all on database ${database} from public`);
  await client.query('revoke all on schema public from public');
  const { rows } = await client.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  );
  for (const service of services) {
    const role = escapeIdentifier(service);
    // Only a superuser makes schemas for roles it is no member of.
    if (!rows[0]?.rolsuper) await client.query(`grant ${role} to current_user`);
    await client.query(`grant connect on database ${database} to ${role}`);
    await client.query(`create schema if not exists ${role} authorization ${role}`);
    await client.query(`alter role ${role} in database ${database} set search_path = ${role}`);
  }
}

async function connected(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
