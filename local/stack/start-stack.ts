import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { applyTopology } from '@skyflo/bus';
import { services, SetupState } from '@skyflo/contracts';
import type { ServiceName } from '@skyflo/contracts';
import { databaseUrl, provision } from '@skyflo/store';
import { resolveBinary } from '../servers/binaries.ts';
import { canConnect } from '../servers/can-connect.ts';
import { freePorts, isPortFree } from '../servers/ports.ts';
import { waitFor } from '../servers/wait-for.ts';
import { buildStack } from './build.ts';
import type { ClusterChoice, ModelChoice } from './choices.ts';
import { prepareHelm } from './helm.ts';
import { loadKeys } from './keys.ts';
import type { StackKeys } from './keys.ts';
import { stackLayout } from './layout.ts';
import type { StackLayout } from './layout.ts';
import { claimDataDir, clearLeftBehind, resetDataDir } from './ownership.ts';
import type { Report } from './report.ts';
import { Sandbox } from './sandbox.ts';
import { consoleSpec, modelSpec, natsSpec, postgresSpec, serviceSpec } from './servers.ts';
import { entryOfService, envOfService } from './services.ts';
import type { ServiceContext } from './services.ts';
import { writeStackFile } from './stack-file.ts';
import { StartError } from './start-error.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

const run = promisify(execFile);

export type StackOptions = {
  readonly dataDir: string;
  /** The console's; all others are free ones. */
  readonly port: number;
  readonly cluster: ClusterChoice;
  /** Argo Rollouts in the sandbox too, once that is ready; it may have to be built first. */
  readonly rollouts?: boolean;
  readonly model: ModelChoice;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly binDir: string | undefined;
  /** A collector for the services' spans. */
  readonly otlpUrl: string | undefined;
  /** Begin with empty data. */
  readonly reset: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
  /** The address of a module that a service loads before its own code: tests watch and strike there. */
  readonly preload?: (service: ServiceName) => string;
  /** How soon what died is started again; default as for people. */
  readonly backoff?: SupervisorOptions['backoff'];
  /** Ends a start that is under way; a started stack is ended by `stop`. */
  readonly signal?: AbortSignal;
};

export type Stack = {
  readonly url: string;
  /** Where the first admin sets the installation up; undefined when there is one. */
  readonly setUpUrl: string | undefined;
  readonly layout: StackLayout;
  /** Stops everything, in the reverse order of the start, and leaves no process behind. */
  stop(): Promise<void>;
};

/**
 * Starts everything that one machine needs, as processes of their own that are kept running. Resolves when the console
 * and the services answer; the sandbox may still be on its way. A failed or aborted start leaves nothing running.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const layout = stackLayout(options.dataDir);
  const claim = claimDataDir(layout);
  try {
    await clearLeftBehind(layout);
    await refuseTakenPort(options.port);
    if (options.reset) resetDataDir(layout);
    return await new StackStart(options, layout, claim.release).run();
  } catch (error) {
    claim.release();
    throw error;
  }
}

class StackStart {
  readonly #options: StackOptions;
  readonly #layout: StackLayout;
  readonly #release: () => void;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  readonly #supervisor: Supervisor;
  readonly #sandbox: Sandbox | undefined;
  readonly #keys: StackKeys;
  #helm: Promise<void> = Promise.resolve();

  constructor(options: StackOptions, layout: StackLayout, release: () => void) {
    this.#options = options;
    this.#layout = layout;
    this.#release = release;
    this.#signal = AbortSignal.any([this.#stopping.signal, ...(options.signal ? [options.signal] : [])]);
    this.#keys = loadKeys(layout.keys);
    const onChange = () => this.#writeStackFile();
    this.#supervisor = new Supervisor({
      onChange,
      onTrouble: (sentence) => options.report.say(sentence),
      ...(options.backoff && { backoff: options.backoff }),
    });
    this.#sandbox =
      options.cluster.kind === 'sandbox'
        ? new Sandbox({
            layout,
            binDir: options.binDir,
            rollouts: options.rollouts ?? false,
            report: options.report,
            onChange,
          })
        : undefined;
    this.#writeStackFile();
  }

  async run(): Promise<Stack> {
    try {
      const ports = await choosePorts();
      const [postgresUrl] = await this.#all([this.#postgres(ports.postgres), this.#nats(ports.nats), this.#build()]);
      // Only now, so that its compilers do not compete with what people wait for.
      this.#sandbox?.begin();
      await this.#services(ports, postgresUrl);
      this.#helm = this.#prepareHelm();
      const url = `http://127.0.0.1:${this.#options.port}`;
      return { url, setUpUrl: await this.#setUpUrl(url), layout: this.#layout, stop: () => this.#stop() };
    } catch (error) {
      await this.#stop();
      throw error;
    }
  }

  async #postgres(port: number): Promise<string> {
    let adminUrl = '';
    await this.#supervisor.start(postgresSpec(this.#place(port), (url) => (adminUrl = url)));
    await provision(this.#provisionOptions(adminUrl));
    this.#options.report.say('Postgres is up.');
    return adminUrl;
  }

  async #nats(port: number): Promise<void> {
    const { report, binDir } = this.#options;
    const program = await resolveBinary('nats-server', {
      binDir,
      signal: this.#signal,
      onProgress: ({ done, total }) =>
        report.progress('nats-server', `building nats-server${total > 0 ? ` (${done} of ${total} packages)` : ''}`),
    });
    await this.#supervisor.start(natsSpec(this.#place(port), { program, keys: this.#keys }));
    await applyTopology(`nats://127.0.0.1:${port}`, this.#keys.natsAdmin.seed);
    report.done('nats-server', 'nats-server is up.');
  }

  /** After the sandbox, whose programs are more urgent. */
  async #prepareHelm(): Promise<void> {
    await this.#sandbox?.settled;
    const { binDir, report } = this.#options;
    await prepareHelm({ layout: this.#layout, binDir, report, signal: this.#signal });
  }

  async #build(): Promise<void> {
    const { report } = this.#options;
    const building: string[] = [];
    await buildStack({
      logFile: this.#layout.logOf('build'),
      signal: this.#signal,
      onBuild: (part) => {
        building.push(part);
        report.progress('build', `building ${building.join(' and ')}`);
      },
    });
    if (building.length > 0) report.done('build', `Built ${building.join(' and ')}.`);
  }

  async #services(ports: Ports, postgresUrl: string): Promise<void> {
    const { model, cluster, admin, otlpUrl, env, port } = this.#options;
    const context: ServiceContext = {
      ...{ keys: this.#keys, ports: ports.services, layout: this.#layout, model, cluster, admin, otlpUrl, env },
      databaseUrlOf: (service) => databaseUrl(this.#provisionOptions(postgresUrl), service),
      natsUrl: `nats://127.0.0.1:${ports.nats}`,
      modelUrl: model.kind === 'endpoint' ? model.baseUrl : `http://127.0.0.1:${ports.model}/v1`,
    };
    const migrateAndStart = async (service: ServiceName) => {
      const serviceEnv = envOfService(service, context);
      await this.#migrate(service, serviceEnv);
      const preload = this.#options.preload?.(service);
      const place = this.#place(ports.services[service]);
      await this.#supervisor.start(serviceSpec(service, place, { env: serviceEnv, preload }));
    };
    await this.#all([
      ...services.map(migrateAndStart),
      ...(model.kind === 'built-in' ? [this.#supervisor.start(modelSpec(this.#place(ports.model)))] : []),
      this.#supervisor.start(consoleSpec(this.#place(port), ports.services.gateway)),
    ]);
    const wait = { timeoutMs: 60_000, signal: this.#signal, everyMs: 100 };
    await this.#all([
      ...services.map((service) =>
        waitFor(() => isOk(`http://127.0.0.1:${ports.services[service]}/health/ready`), {
          ...wait,
          what: `${service} to be ready`,
        }),
      ),
      waitFor(() => isOk(`http://127.0.0.1:${port}/api/v1/health/ready`), { ...wait, what: 'the services to answer' }),
    ]);
    this.#options.report.say('Services and console are up.');
  }

  async #migrate(service: ServiceName, env: Readonly<Record<string, string>>): Promise<void> {
    await run(process.execPath, [entryOfService(service, 'migrate')], { env, signal: this.#signal }).catch(
      (error: Error & { stdout?: string; stderr?: string }) => {
        this.#signal.throwIfAborted();
        const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
        throw new StartError(`the tables of ${service} could not be made or changed:\n${said}`);
      },
    );
  }

  async #setUpUrl(url: string): Promise<string | undefined> {
    const answer = await fetch(`${url}/api/v1/auth/setup`, { signal: this.#signal });
    const { needed } = SetupState.parse(await answer.json());
    return needed ? `${url}/setup?token=${this.#keys.setupToken}` : undefined;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#supervisor.stop(), this.#sandbox?.stop(), this.#helm]);
    this.#writeStackFile();
    this.#release();
  }

  /** The first failure ends the others, and all of them are waited for: nothing goes on behind a failed start. */
  async #all<T extends readonly Promise<unknown>[]>(works: readonly [...T]) {
    let first: { readonly error: unknown } | undefined;
    for (const work of works) {
      work.catch((error: unknown) => {
        first ??= { error };
        this.#stopping.abort();
      });
    }
    await Promise.allSettled(works);
    if (first) throw first.error;
    return await Promise.all(works);
  }

  #place(port: number) {
    return { layout: this.#layout, port, signal: this.#signal };
  }

  #provisionOptions(adminUrl: string) {
    const passwords = Object.fromEntries(services.map((name) => [name, this.#keys.services[name].databasePassword]));
    return { adminUrl, database: 'skyflo', passwords: passwords as Record<ServiceName, string> };
  }

  #writeStackFile(): void {
    writeStackFile(this.#layout.stackFile, {
      processes: [...this.#supervisor.processes, ...(this.#sandbox?.processes ?? [])],
      sandbox: this.#sandbox?.place ?? null,
    });
  }
}

type Ports = Awaited<ReturnType<typeof choosePorts>>;

async function choosePorts() {
  const [postgres = 0, nats = 0, model = 0, ...others] = await freePorts(3 + services.length);
  const ofServices = Object.fromEntries(services.map((name, index) => [name, others[index] ?? 0]));
  return { postgres, nats, model, services: ofServices as Record<ServiceName, number> };
}

async function refuseTakenPort(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  // Below 1024 it is usually not taken, but kept for root.
  const why =
    (await canConnect(port)) || port >= 1024 ? 'is in use: stop what listens there or' : 'may not be listened on:';
  throw new StartError(`port ${port} ${why} choose another one with --port`);
}

async function isOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await answer.body?.cancel();
  return answer.ok;
}
