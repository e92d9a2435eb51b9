import { stat } from 'node:fs/promises';
import { type ClusterState, Failure, type Plan } from '@skyflo/contracts';
import {
  accessOf,
  loadKubeconfig,
  openConnectClient,
  openPlanClient,
  openReadClient,
  openWriteClient,
} from '@skyflo/kube';
import { type ClusterConfig, pluginEnvironment } from '../config.ts';
import type { ClusterClients } from '../domain/ports.ts';
import { readClusterStatus } from './cluster-status.ts';
import { type ChartSources, HelmCharts } from './helm-charts.ts';
import { HelmReleases } from './helm-releases.ts';
import { HelmProgramWriter } from './helm-writer.ts';
import { readGuardLevel } from './guard-level.ts';

type Opened = ClusterClients & { close(): Promise<void> };

/** How long what is said about a cluster holds. */
const keepMs = { state: 1_500, guarded: 60_000, unguarded: 5_000 };
/** A question about the tools must be answered within two seconds, whatever the cluster does. */
const pingMs = 1_200;

/**
 * One configured cluster, with a client per identity. It is opened when it is first needed, because its kubeconfig may be
 * written only later, and anew when that file changes.
 */
export class KubeCluster {
  readonly name: string;
  readonly #config: ClusterConfig;
  readonly #sources: ChartSources;
  #opened: { readonly clients: Promise<Opened>; readonly writtenAt: number } | undefined;
  #state: { readonly state: Promise<ClusterState>; readonly at: number } | undefined;

  constructor(config: ClusterConfig, sources: ChartSources) {
    this.name = config.name;
    this.#config = config;
    this.#sources = sources;
  }

  /** Throws a terminal Failure while the cluster is being prepared, and for whatever is wrong with its kubeconfig. */
  async open(): Promise<ClusterClients> {
    const status = await readClusterStatus(this.#config.statusFile);
    if (status.state === 'preparing') throw Failure.terminal('ClusterPreparing', status.message);
    if (status.state === 'failed') throw Failure.terminal('ClusterFailed', status.message);
    const writtenAt = await stat(this.#config.kubeconfig).then(
      ({ mtimeMs }) => mtimeMs,
      // Opening it says what is wrong with the file.
      () => 0,
    );
    if (this.#opened?.writtenAt !== writtenAt) await this.#reopen(writtenAt);
    return this.#opened ? await this.#opened.clients : await openCluster(this.#config, this.#sources);
  }

  async state(): Promise<ClusterState> {
    const now = performance.now();
    if (this.#state === undefined || now - this.#state.at > keepMs.state)
      this.#state = { state: this.#look(), at: now };
    return this.#state.state;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    // One that could not be opened holds nothing.
    await opened?.clients.then((clients) => clients.close()).catch(() => undefined);
  }

  async #reopen(writtenAt: number): Promise<void> {
    const former = this.#opened;
    const clients = openCluster(this.#config, this.#sources);
    this.#opened = { clients, writtenAt };
    clients.catch(() => {
      if (this.#opened?.clients === clients) this.#opened = undefined;
    });
    await former?.clients.then((old) => old.close()).catch(() => undefined);
  }

  async #look(): Promise<ClusterState> {
    const { name } = this;
    const status = await readClusterStatus(this.#config.statusFile);
    if (status.state === 'preparing') {
      const minutesLeft = status.minutesLeft === undefined ? {} : { minutesLeft: status.minutesLeft };
      return { name, state: 'preparing', message: status.message, guardLevel: 0, ...minutesLeft };
    }
    try {
      const clients = await this.open();
      const signal = AbortSignal.timeout(pingMs);
      await clients.read.ping({ signal });
      const guardLevel = await Promise.race([clients.guardLevel(), aborted(signal)]);
      return { name, state: 'ready', guardLevel };
    } catch (error) {
      const message = error instanceof Failure ? error.message : `The cluster ${name} does not answer in time.`;
      return { name, state: 'unreachable', message, guardLevel: 0 };
    }
  }
}

async function openCluster(
  { name, kubeconfig: path, contexts }: ClusterConfig,
  sources: ChartSources,
): Promise<Opened> {
  const kubeconfig = await loadKubeconfig(path);
  const access = (context: string | undefined) => accessOf(kubeconfig, context, { environment: pluginEnvironment() });
  const isOurs = contexts.write !== undefined;
  const read = openReadClient(await access(contexts.read));
  const plan = openPlanClient(await access(contexts.plan ?? contexts.read));
  const write = openWriteClient(await access(contexts.write ?? contexts.read), { impersonateSelf: isOurs });
  const connect = openConnectClient(await access(contexts.write ?? contexts.read), { impersonateSelf: isOurs });
  // What the write identity may do only it can ask; for that it needs no client that could do it.
  const asker = openReadClient(await access(contexts.write ?? contexts.read), { connections: 4 });
  let guard: { readonly level: Promise<Plan['guardLevel']>; readonly until: number } | undefined;
  return {
    name,
    read,
    plan,
    write,
    connect,
    access: { reading: (...asked) => read.mayI(...asked), changing: (...asked) => asker.mayI(...asked) },
    charts: new HelmCharts(sources),
    helm: new HelmProgramWriter(sources, {
      plan: await access(contexts.plan ?? contexts.read),
      helm: await access(contexts.helm ?? contexts.write ?? contexts.read),
      isOurs,
    }),
    releases: (view) => new HelmReleases(view),
    async guardLevel() {
      if (!isOurs) return 0;
      if (guard === undefined || performance.now() > guard.until) {
        guard = { level: readGuardLevel(read), until: performance.now() + keepMs.unguarded };
        const level = await guard.level;
        if (level > 0) guard = { level: guard.level, until: performance.now() + keepMs.guarded };
      }
      return await guard.level;
    },
    async close() {
      await Promise.all([read, plan, write, connect, asker].map((client) => client.close()));
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
