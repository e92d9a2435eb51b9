import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveBinary } from '../servers/binaries.ts';
import type { BuildProgress } from '../servers/binaries.ts';
import { freePorts, isPortFree } from '../servers/ports.ts';
import { waitFor } from '../servers/wait-for.ts';
import { ApiClient } from './api-client.ts';
import { clusterFolder, prepareFolder, writeKubeconfigs } from './cluster-folder.ts';
import type { ClusterFolder, Tokens } from './cluster-folder.ts';
import { writeKwokConfig } from './kwok-config.ts';
import { type Kubelet, startKubelet } from './kubelet/start-kubelet.ts';
import { applyManifests, readManifests } from './manifests.ts';
import { ProcessGroup } from './process-group.ts';
import type { ClusterProcess } from './process-group.ts';
import { programs } from './programs.ts';
import type { ClusterPorts, CoreProgram } from './programs.ts';
import { plantSeed } from './seed.ts';
import { waitForGuard } from './wait-for-guard.ts';

export type ClusterProgress =
  BuildProgress | { readonly name: 'sandbox'; readonly step: 'starting'; readonly minutesLeft: 1 };

export type ClusterOptions = {
  /** The cluster's data, keys and logs; made on the first start, found again on later ones. */
  readonly dir: string;
  /** Where the programs come from: see `resolveBinary`. */
  readonly binaries?: { readonly binDir?: string | undefined; readonly cacheDir?: string | undefined };
  /** Also plants the shop (namespace `shop`), once per `dir`. */
  readonly seed: boolean;
  /** Default: those of the last start of `dir` while they are free, else free ones. */
  readonly ports?: ClusterPorts;
  /** Ends a start that is under way; a started cluster is ended by `stop`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ClusterProgress) => void;
  /** Called whenever `processes` has changed: one was started, or started again. */
  readonly onChange?: () => void;
};

/** A real control plane on this machine whose nodes are played by kwok. */
export type SandboxCluster = {
  /** For people and kubectl: context `sandbox`, cluster admin. */
  readonly kubeconfig: string;
  /** For the tool-runner: contexts `runner-read`, `runner-plan` and `runner-write`. */
  readonly runnerKubeconfig: string;
  /** One JSON object of `audit.k8s.io/v1` per line, written before the client has its answer. */
  readonly auditLog: string;
  readonly server: string;
  /** The ones that run now. */
  readonly processes: readonly ClusterProcess[];
  stop(): Promise<void>;
};

const guard = join(import.meta.dirname, '../../k8s/guard');
const config = join(import.meta.dirname, 'config');
const names = Object.keys(programs) as CoreProgram[];
const startTimeoutMs = 60_000;

/**
 * Starts the sandbox: etcd, API server with audit log, controllers, scheduler and kwok; the tool-runner's
 * identities, the guard at level 1 (proven to refuse before this resolves), three nodes and the shop.
 * What dies is started again. Takes 2 to 5 s once the programs are built; a failed or aborted start
 * leaves nothing running.
 */
export async function startCluster(options: ClusterOptions): Promise<SandboxCluster> {
  const { signal, onProgress } = options;
  const paths = new Map<CoreProgram, string>();
  for (const name of names) paths.set(name, await resolveBinary(name, { ...options.binaries, signal, onProgress }));
  onProgress?.({ name: 'sandbox', step: 'starting', minutesLeft: 1 });

  const folder = clusterFolder(options.dir);
  const group = new ProcessGroup({ folder, onChange: options.onChange });
  let kubelet: Kubelet | undefined;
  const stop = async () => {
    await kubelet?.stop();
    await group.stop();
  };
  try {
    const tokens = await prepareFolder(folder);
    await group.clear(names);
    const ports = options.ports ?? (await choosePorts(folder));
    const server = `https://127.0.0.1:${ports.apiserver}`;
    const start = (name: CoreProgram, before?: () => Promise<void>) =>
      group.start(paths.get(name) ?? name, programs[name]({ folder, ports }), before);

    await startControlPlane({ folder, server, tokens, start, signal });
    const client = async (token: string) =>
      new ApiClient({ server, ca: await readFile(folder.authority, 'utf8'), token });
    const admin = await client(tokens.admin);
    const writer = await client(tokens['runner-write']);
    try {
      kubelet = await startKubelet({ folder, ports, api: await client(tokens.kwok) });
      await setUp({ admin, folder, start, signal });
      await waitForGuard(writer, signal);
      if (options.seed) await plantSeed(admin, signal);
    } finally {
      admin.close();
      writer.close();
    }
    return {
      kubeconfig: folder.kubeconfig,
      runnerKubeconfig: folder.runnerKubeconfig,
      auditLog: folder.auditLog,
      server,
      get processes() {
        return group.running;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = (name: CoreProgram, before?: () => Promise<void>) => ReturnType<ProcessGroup['start']>;
type ControlPlane = {
  folder: ClusterFolder;
  server: string;
  tokens: Tokens;
  start: Start;
  signal: AbortSignal | undefined;
};

async function startControlPlane({ folder, server, tokens, start, signal }: ControlPlane): Promise<void> {
  await start('etcd');
  const child = await start('kube-apiserver');
  const wait = { timeoutMs: startTimeoutMs, signal, child };
  await waitFor(() => existsSync(folder.certificate) && existsSync(folder.certificateKey), {
    ...wait,
    what: 'the certificate of the API server',
  });
  await writeKubeconfigs(folder, server, tokens);
  const client = new ApiClient({ server, ca: await readFile(folder.authority, 'utf8'), token: tokens.admin });
  try {
    await waitFor(() => client.expect('/readyz', { signal }), { ...wait, what: 'the API server to be ready' });
  } finally {
    client.close();
  }
}

type SetUp = { admin: ApiClient; folder: ClusterFolder; start: Start; signal: AbortSignal | undefined };

async function setUp({ admin, folder, start, signal }: SetUp): Promise<void> {
  await start('kube-controller-manager');
  await start('kube-scheduler');
  await applyManifests(admin, await readManifests(join(config, 'crd-logs.yaml')), signal);
  await applyManifests(admin, await readManifests(guard), signal);
  await applyManifests(admin, await readManifests(join(config, 'nodes.yaml')), signal);
  await writeKwokConfig(folder);
  const logs = '/apis/kwok.x-k8s.io/v1alpha1/logs';
  await waitFor(() => admin.expect(logs, { signal }), {
    timeoutMs: startTimeoutMs,
    signal,
    what: 'the kind Logs of kwok',
  });
  // A kwok that was killed holds its nodes' leases for another 40 s, in which no pod would move.
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  await start('kwok', async () => void (await admin.request(leases, { method: 'DELETE' }).catch(() => undefined)));
}

/** The same ports as last time, so that a kubeconfig in somebody's other terminal goes on working. */
async function choosePorts(folder: ClusterFolder): Promise<ClusterPorts> {
  if (existsSync(folder.ports)) {
    const last = JSON.parse(await readFile(folder.ports, 'utf8')) as Partial<ClusterPorts>;
    const free = await Promise.all(Object.values(last).map(isPortFree));
    if (isWhole(last) && free.every(Boolean)) return last;
  }
  const [etcd = 0, etcdPeers = 0, apiserver = 0, kwok = 0, kubelet = 0] = await freePorts(5);
  const ports = { etcd, etcdPeers, apiserver, kwok, kubelet };
  await writeFile(folder.ports, JSON.stringify(ports));
  return ports;
}

/** An earlier version had fewer programs. */
function isWhole(ports: Partial<ClusterPorts>): ports is ClusterPorts {
  return ports.kubelet !== undefined;
}
