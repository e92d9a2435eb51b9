import { connectBus, createSeal, loadIdentity, loadKeyRing } from '@skyflo/bus';
import type { ServiceName } from '@skyflo/contracts';
import { openStore } from '@skyflo/store';
import type { MigrationClass, StoreOptions } from '@skyflo/store';
import { startApp } from './app.ts';
import type { AppOptions } from './app.ts';
import { SystemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { ConfigError, configExitCode } from './config-error.ts';
import type { BaseConfig } from './config.ts';
import type { Kit } from './kit.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { openTelemetry, type Telemetry } from './telemetry/telemetry.ts';
import { die, dieOfTheUnexpected, tieToProcess } from './process.ts';

export type ServiceOptions<C extends BaseConfig> = AppOptions<C> & {
  readonly service: ServiceName;
  /** The parsed configuration; a main gives the function that parses it, so that a bad one ends the process with 78. */
  readonly config: C | (() => C);
  readonly migrations: readonly MigrationClass[];
  readonly entities?: NonNullable<StoreOptions['entities']>;
  readonly poolSize?: number;
  readonly clock?: Clock;
  /**
   * True (the default) in a main: signals close the service and end the process, and so does whatever nobody caught or keeps
   * it from booting. False in tests: nothing of the process is touched, and failures are thrown.
   */
  readonly ownsProcess?: boolean;
};

export type RunningService = {
  /** Where it listens; of use where the configured port is 0. */
  readonly port: number;
  /** Takes nothing more in, finishes what is in hand, publishes what waits, disconnects. May be called again. */
  close(): Promise<void>;
};

/**
 * Boots a service: bus, store, HTTP, and last the intake of events and questions. Resolves when it is ready. Fails, before
 * the first event is taken, on a configuration, topology, schema or set of handlers that is not what the code was written for.
 */
export async function bootService<C extends BaseConfig>(options: ServiceOptions<C>): Promise<RunningService> {
  const ownsProcess = options.ownsProcess !== false;
  const config = ownsProcess ? parseOrExit(options) : parse(options);
  const observing = await observe(options.service, config);
  if (!ownsProcess) return await assemble(options, config, observing);
  const { logger } = observing;
  dieOfTheUnexpected(logger);
  try {
    const service = await assemble(options, config, observing);
    tieToProcess(logger, () => service.close());
    logger.info('ready', { host: config.host, port: service.port });
    return service;
  } catch (error) {
    return die(logger, 'could not start', error);
  }
}

async function assemble<C extends BaseConfig>(
  options: ServiceOptions<C>,
  config: C,
  observing: Observing,
): Promise<RunningService> {
  // Closed from the last to the first: the store publishes what waits while the bus is still there.
  await using opened = new AsyncDisposableStack();
  const { service, clock = new SystemClock() } = options;
  const identity = loadIdentity({ service, signingKey: config.signingKey });
  const { telemetry, logger } = observing;
  opened.defer(() => telemetry.close());
  const bus = opened.adopt(
    await connectBus({
      servers: config.natsUrl,
      seed: config.natsSeed,
      identity,
      keyRing: loadKeyRing(config.publicKeys),
      logger,
      traceparent: telemetry.traceparent,
    }),
    (one) => one.close(),
  );
  const store = opened.adopt(
    await openStore({
      url: config.databaseUrl,
      schema: service,
      migrations: options.migrations,
      ...(options.entities === undefined ? {} : { entities: options.entities }),
      ...(config.replica === undefined ? {} : { replica: config.replica }),
      ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
      seal: createSeal(identity, () => clock.now(), telemetry.traceparent),
      publish: bus.publish,
      logger,
    }),
    (one) => one.close(),
  );
  telemetry.metrics.gauge('skyflo_outbox_waiting', 'Events that are committed and not published yet.', () =>
    store.outboxWaiting(),
  );
  const kit: Kit<C> = { service, config, logger, clock, bus, store, telemetry };
  const app = opened.adopt(await startApp(kit, options), (one) => one.stop());
  const all = opened.move();
  let closed: Promise<void> | undefined;
  return { port: app.port, close: () => (closed ??= all.disposeAsync()) };
}

type Observing = { readonly telemetry: Telemetry; readonly logger: Logger };

async function observe(service: ServiceName, { otlpUrl, logLevel }: BaseConfig): Promise<Observing> {
  const telemetry = await openTelemetry(service, otlpUrl);
  return { telemetry, logger: createLogger({ service, level: logLevel, pairs: telemetry.logPairs }) };
}

function parse<C extends BaseConfig>({ config }: ServiceOptions<C>): C {
  return typeof config === 'function' ? config() : config;
}

function parseOrExit<C extends BaseConfig>(options: ServiceOptions<C>): C {
  try {
    return parse(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(configExitCode);
  }
}
