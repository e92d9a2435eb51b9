import { Failure } from '@skyflo/contracts';
import type { DataSource } from 'typeorm';
import { Client } from 'pg';
import { dataSourceOf, sessionOf } from './data-source.ts';
import type { ConnectionOptions, MigrationClass } from './data-source.ts';

/**
 * Brings a schema up to date: the store's own tables and the service's migrations, each in its own transaction. Safe to run
 * from several replicas at once and again at any time. Resolves with the names of what it applied.
 */
export async function migrate(
  options: ConnectionOptions & { readonly migrations: readonly MigrationClass[] },
): Promise<string[]> {
  // TypeORM does not keep two runners apart.
  const guard = new Client({ connectionString: options.url, ...sessionOf(options.schema) });
  await guard.connect();
  try {
    await guard.query("select pg_advisory_lock(hashtextextended('migrate/' || $1, 0))", [options.schema]);
    const dataSource = await dataSourceOf({ ...options, poolSize: 1, unlimited: true }).initialize();
    try {
      const applied = await dataSource.runMigrations({ transaction: 'each' });
      return applied.map(({ name }) => name);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await guard.end();
  }
}

/** Throws `MigrationsMissing`, naming each, unless everything this code was written against is applied. */
export async function verifyMigrated(dataSource: DataSource, schema: string): Promise<void> {
  const [table] = await dataSource.query("select to_regclass('migrations') as name");
  const rows: { name: string }[] = table?.name === null ? [] : await dataSource.query('select name from migrations');
  const applied = new Set(rows.map(({ name }) => name));
  const missing = dataSource.migrations
    .map((migration) => migration.name ?? migration.constructor.name)
    .filter((name) => !applied.has(name));
  if (missing.length === 0) return;
  throw Failure.terminal('MigrationsMissing', `The schema ${schema} lacks ${missing.join(', ')}; run its migrations.`);
}
