import { DataSource } from 'typeorm';
import type { DataSourceOptions, MigrationInterface } from 'typeorm';
import { escapeIdentifier } from 'pg';
import { LeaseReplicas1600000000001 } from './migrations/lease-replicas.ts';
import { StoreTables1600000000000 } from './migrations/store-tables.ts';

export type MigrationClass = new () => MigrationInterface;

export type ConnectionOptions = {
  /** `postgres://role:password@host:port/database`. */
  readonly url: string;
  /** The service's own schema; unqualified names mean this one and no other. */
  readonly schema: string;
};

/** A statement that runs longer than this is cancelled. */
const statementTimeoutMs = 30_000;
/** A paused process must not keep its row locks: takeovers of leases wait for them. */
const idleInTransactionMs = 30_000;

/** What `pg` needs to work in one schema only. */
export function sessionOf(schema: string): { options: string; application_name: string } {
  // The server splits options at blanks; a backslash keeps one.
  const searchPath = escapeIdentifier(schema).replaceAll(/[\\ ]/g, String.raw`\$&`);
  return { options: `-c search_path=${searchPath}`, application_name: schema };
}

export function dataSourceOf(
  options: ConnectionOptions & {
    readonly migrations: readonly MigrationClass[];
    readonly entities?: DataSourceOptions['entities'];
    readonly poolSize?: number;
    /** Migrations may take as long as they need. */
    readonly unlimited?: boolean;
  },
): DataSource {
  const limits = options.unlimited
    ? {}
    : { statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: idleInTransactionMs };
  return new DataSource({
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    entities: options.entities ?? [],
    migrations: [StoreTables1600000000000, LeaseReplicas1600000000001, ...options.migrations],
    migrationsTableName: 'migrations',
    installExtensions: false,
    poolSize: options.poolSize ?? 10,
    extra: {
      ...sessionOf(options.schema),
      ...limits,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // See session.ts: statements do not wait for the answers of those before them.
      pipeline: true,
    },
  });
}
