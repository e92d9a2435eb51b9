import type { Server } from 'node:http';
import { Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Turn } from '@skyflo/bus';
import { JetStreamStrategy } from '@skyflo/bus/nest';
import type { StreamName } from '@skyflo/contracts';
import helmet from 'helmet';
import type { BaseConfig } from './config.ts';
import { buryIn } from './dead-letters/bury-in.ts';
import { OnLetterRedriveRequested } from './dead-letters/on-letter-redrive-requested.ts';
import { Health } from './health.ts';
import { KitModule } from './kit.module.ts';
import type { Kit } from './kit.ts';
import { NestLogger } from './nest-logger.ts';

export type AppOptions<C extends BaseConfig> = {
  /** The service's module, or a function that makes it of the kit. */
  readonly module: Type | ((kit: Kit<C>) => DynamicModule);
  /** Body parsers, pipes, filters, prefix: bodies are not parsed unless this says so. */
  readonly http?: (app: NestExpressApplication, kit: Kit<C>) => void | Promise<void>;
};

export type RunningApp = { readonly port: number; stop(): Promise<void> };

/** How long another replica waits before it takes over the reading of a stream whose reader went silent. */
const turnMs = 15_000;

/** Requests that are still open this long after the rest has stopped are cut off. */
const httpGraceMs = 3_000;

/**
 * Longer than proxies keep an idle connection to us (60 s is usual): closed by us first, one may be closing while the next
 * request is already on it, and that request is lost.
 */
const keepAliveMs = 75_000;

@Module({})
class ServiceModule {}

/** Serves HTTP, then takes events and questions in. When this resolves, the service is ready. */
export async function startApp<C extends BaseConfig>(kit: Kit<C>, options: AppOptions<C>): Promise<RunningApp> {
  const module = isClass(options.module) ? options.module : options.module(kit);
  const root: DynamicModule = {
    module: ServiceModule,
    imports: [KitModule.of(kit), module],
    controllers: [OnLetterRedriveRequested],
  };
  const app = await NestFactory.create<NestExpressApplication>(root, {
    bodyParser: false,
    logger: new NestLogger(kit.logger),
    abortOnError: false,
  });
  const health = new Health(kit);
  const strategy = new JetStreamStrategy(kit.bus, {
    turnOf: (stream) => turnOf(kit, stream),
    bury: buryIn(kit.store),
    maxTries: kit.config.maxTries,
  });
  const stop = async () => {
    health.takesWork(false);
    server(app).close();
    await strategy.close();
    await closeApp(app);
  };
  try {
    app.use(kit.telemetry.http);
    app.use(helmet());
    health.mount(app);
    await options.http?.(app, kit);
    app.connectMicroservice({ strategy }, { inheritAppConfig: true });
    server(app).keepAliveTimeout = keepAliveMs;
    await app.listen(kit.config.port, kit.config.host);
    await app.startAllMicroservices();
  } catch (error) {
    await stop();
    throw error;
  }
  health.takesWork(true);
  return { port: portOf(app), stop };
}

/** A stream is read whole by whoever holds the lease of that name. */
function turnOf(kit: Kit<BaseConfig>, stream: StreamName): Turn {
  return async (session) => {
    const held = await kit.store.leases.hold(`stream/${stream}`, { ttlMs: turnMs }, async ({ signal }) => {
      await session(signal);
      return true;
    });
    return held ?? false;
  };
}

/** Services end what they keep open themselves, event streams above all, when Nest destroys their modules. */
async function closeApp(app: NestExpressApplication): Promise<void> {
  const timer = setTimeout(() => server(app).closeAllConnections(), httpGraceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

function server(app: NestExpressApplication): Server {
  return app.getHttpServer();
}

function portOf(app: NestExpressApplication): number {
  const address = server(app).address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A class cannot be told from a function by its type at run time, only by its text. */
function isClass(module: Type | ((...given: never[]) => unknown)): module is Type {
  return /^class\b/.test(Function.prototype.toString.call(module));
}
