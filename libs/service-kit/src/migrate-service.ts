import type { ServiceName } from '@skyflo/contracts';
import { migrate } from '@skyflo/store';
import type { MigrationClass } from '@skyflo/store';
import { ConfigError, configExitCode } from './config-error.ts';
import { databaseConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { die } from './process.ts';

/**
 * The whole of a service's `migrate.ts`: brings its schema up to date and says what it applied. Needs `<SERVICE>_DATABASE_URL`
 * only. A configuration that is wrong ends the process with 78, a migration that fails with 1.
 */
export async function migrateService(
  service: ServiceName,
  migrations: readonly MigrationClass[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  let logger = createLogger({ service, level: 'info' });
  try {
    const { databaseUrl, logLevel } = databaseConfig(service, env);
    logger = createLogger({ service, level: logLevel });
    const applied = await migrate({ url: databaseUrl, schema: service, migrations });
    logger.info('schema is up to date', { applied });
  } catch (error) {
    if (!(error instanceof ConfigError)) die(logger, 'migration failed', error);
    process.stderr.write(`${error.message}\n`);
    process.exit(configExitCode);
  }
}
