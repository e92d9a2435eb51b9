import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ApiClient } from '../cluster/api-client.ts';
import { applyManifests, readManifests } from '../cluster/manifests.ts';
import { ProcessGroup } from '../cluster/process-group.ts';
import type { ClusterProcess } from '../cluster/process-group.ts';
import { resolveBinary } from '../servers/binaries.ts';
import type { ResolveOptions } from '../servers/binaries.ts';
import { waitFor } from '../servers/wait-for.ts';
import { plantRollouts } from './plant-rollouts.ts';

export type ArgoOptions = {
  /** Of a cluster of ours, as its admin. */
  readonly kubeconfig: string;
  /** Where its log and its pid are kept. */
  readonly dir: string;
  /** Looks after this namespace only; of several controllers each then has its own. */
  readonly namespace?: string;
  /** Also plants two rollouts (namespace `storefront`), once per cluster. */
  readonly seed: boolean;
  /** Where the program comes from: see `resolveBinary`. */
  readonly binaries?: Pick<ResolveOptions, 'binDir' | 'cacheDir'>;
  readonly signal?: AbortSignal;
  readonly onProgress?: ResolveOptions['onProgress'];
  /** Called whenever `processes` has changed. */
  readonly onChange?: () => void;
};

export type ArgoRollouts = {
  readonly processes: readonly ClusterProcess[];
  stop(): Promise<void>;
};

const name = 'rollouts-controller';
const startTimeoutMs = 60_000;
/** No port: the controller would serve its health and figures to the whole network, and it runs as well without. */
const nowhere = '-1';

/** Installs the kinds of Argo Rollouts and starts their controller; started again when it dies. */
export async function startArgoRollouts(options: ArgoOptions): Promise<ArgoRollouts> {
  const { kubeconfig, namespace, signal } = options;
  const program = await resolveBinary(name, {
    ...options.binaries,
    ...(signal && { signal }),
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const dir = resolve(options.dir);
  const folder = { dir, logs: join(dir, 'logs'), run: join(dir, 'run') };
  for (const sub of [folder.logs, folder.run]) await mkdir(sub, { recursive: true });
  const group = new ProcessGroup({ folder, onChange: options.onChange });
  const admin = await ApiClient.of(kubeconfig);
  try {
    await group.clear([name]);
    await applyManifests(admin, await readManifests(join(import.meta.dirname, 'crds')), signal);
    await waitForKinds(admin, signal);
    await group.start(program, { name, port: undefined, args: flags(kubeconfig, namespace) });
    if (options.seed) await plantRollouts(admin, signal);
  } catch (error) {
    await group.stop();
    throw error;
  } finally {
    admin.close();
  }
  return {
    get processes() {
      return group.running;
    },
    stop: () => group.stop(),
  };
}

/** The controller ends at once where one of its kinds is not served yet. */
async function waitForKinds(admin: ApiClient, signal: AbortSignal | undefined): Promise<void> {
  const kinds = ['rollouts', 'experiments', 'analysisruns', 'analysistemplates', 'clusteranalysistemplates'];
  for (const kind of kinds) {
    await waitFor(() => admin.expect(`/apis/argoproj.io/v1alpha1/${kind}?limit=1`, { ...(signal && { signal }) }), {
      timeoutMs: startTimeoutMs,
      signal,
      what: `the kind ${kind} of Argo Rollouts`,
    });
  }
}

function flags(kubeconfig: string, namespace: string | undefined): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    `--healthzPort=${nowhere}`,
    `--metricsPort=${nowhere}`,
    '--loglevel=warn',
    ...(namespace === undefined ? [] : ['--namespaced', `--namespace=${namespace}`]),
  ];
}
