import { renameSync, writeFileSync } from 'node:fs';
import { startArgoRollouts } from '../argo/index.ts';
import type { ArgoRollouts } from '../argo/index.ts';
import { clusterFolder } from '../cluster/cluster-folder.ts';
import { describeProgress, startCluster } from '../cluster/index.ts';
import type { ClusterProgress, SandboxCluster } from '../cluster/index.ts';
import type { StackLayout } from './layout.ts';
import type { Report } from './report.ts';
import type { StackFile, StackProcess } from './stack-file.ts';

type SandboxOptions = {
  readonly layout: StackLayout;
  readonly binDir: string | undefined;
  /** Argo Rollouts too, once everything else is ready. */
  readonly rollouts: boolean;
  readonly report: Report;
  /** Called whenever `processes` has changed. */
  readonly onChange: () => void;
};

/** What the tool-runner reads about a cluster that may not be there yet. */
type ClusterStatus = {
  readonly state: 'preparing' | 'ready' | 'failed';
  readonly message: string;
  readonly minutesLeft?: number;
};

/**
 * The sandbox as a part of the stack that comes up beside the others: whoever calls a tool meanwhile is told how far it
 * is. Its programs may have to be built first, which takes minutes; nothing else waits for them.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  readonly #stopping = new AbortController();
  #cluster: SandboxCluster | undefined;
  #argo: ArgoRollouts | undefined;
  #starting: Promise<void> = Promise.resolve();

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.#write({ state: 'preparing', message: 'the sandbox is being prepared' });
  }

  /** Where it will be, from the beginning. */
  get place(): NonNullable<StackFile['sandbox']> {
    const { kubeconfig, auditLog } = clusterFolder(this.#options.layout.cluster);
    return { kubeconfig, auditLog };
  }

  get processes(): StackProcess[] {
    const all = [...(this.#cluster?.processes ?? []), ...(this.#argo?.processes ?? [])];
    return all.map(({ name, child, port }) => ({
      name,
      pid: child.pid,
      port: port ?? null,
    }));
  }

  /** Begins; never rejects, because a stack without its sandbox is still good for reading what happened. */
  begin(): void {
    this.#starting = this.#start();
  }

  /** Resolves when it is up, or will not be. */
  get settled(): Promise<void> {
    return this.#starting;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    await this.#argo?.stop();
    await this.#cluster?.stop();
  }

  async #start(): Promise<void> {
    const { layout, binDir, report, onChange } = this.#options;
    try {
      this.#cluster = await startCluster({
        dir: layout.cluster,
        binaries: { binDir },
        seed: true,
        signal: this.#stopping.signal,
        onProgress: (progress) => this.#tell(progress),
        onChange,
      });
      this.#write({ state: 'ready', message: 'the sandbox is ready' });
      report.done('sandbox', `The sandbox is ready: KUBECONFIG=${this.#cluster.kubeconfig}`);
      onChange();
      if (this.#options.rollouts) await this.#startArgo(this.#cluster);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      const message = `the sandbox could not be prepared: ${error instanceof Error ? error.message : String(error)}`;
      this.#write({ state: 'failed', message });
      report.done('sandbox', `There is no cluster: ${message}`);
    }
  }

  /** Nobody waits for it, and the sandbox is as good without: what goes wrong with it is only told. */
  async #startArgo({ kubeconfig }: SandboxCluster): Promise<void> {
    const { layout, binDir, report, onChange } = this.#options;
    try {
      this.#argo = await startArgoRollouts({
        kubeconfig,
        dir: layout.cluster,
        seed: true,
        binaries: { binDir },
        signal: this.#stopping.signal,
        onProgress: ({ minutesLeft }) =>
          report.progress('rollouts', `Argo Rollouts is being built, about ${minutesLeft} min left; all else is ready`),
        onChange,
      });
      report.done('rollouts', 'Argo Rollouts is ready: two rollouts are under way in namespace storefront');
      onChange();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      report.done('rollouts', `Argo Rollouts could not be started: ${why}`);
    }
  }

  #tell(progress: ClusterProgress): void {
    const { minutesLeft } = progress;
    const message = describeProgress(progress);
    this.#write({ state: 'preparing', message, minutesLeft });
    const detail =
      progress.step === 'compiling' && progress.total > 0
        ? ` (compiled ${progress.done} of ${progress.total} packages)`
        : '';
    this.#options.report.progress('sandbox', `${message}${detail}`);
  }

  #write(status: ClusterStatus): void {
    const file = this.#options.layout.clusterStatus;
    writeFileSync(`${file}.new`, JSON.stringify(status));
    renameSync(`${file}.new`, file);
  }
}
