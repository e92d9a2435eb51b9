import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '../servers/child.ts';
import { killLeftBehind, startChild } from '../servers/child.ts';
import type { ClusterFolder } from './cluster-folder.ts';
import type { Program, ProgramName } from './programs.ts';

export type ClusterProcess = { readonly name: ProgramName; readonly child: Child; readonly port: number | undefined };

/** Where processes work, and where their logs and pids are kept. */
type Place = Pick<ClusterFolder, 'dir' | 'logs' | 'run'>;

type GroupOptions = {
  readonly folder: Place;
  readonly onChange?: (() => void) | undefined;
};

const restartAfterMs = 1_000;
const etcdGraceMs = 2_000;

/** The cluster's processes: what ends by itself is started again, until the group is stopped. */
export class ProcessGroup {
  readonly #folder: Place;
  readonly #onChange: () => void;
  readonly #running = new Map<ProgramName, ClusterProcess>();
  readonly #stopping = new AbortController();
  readonly #watches: Promise<void>[] = [];

  constructor({ folder, onChange }: GroupOptions) {
    this.#folder = folder;
    this.#onChange = onChange ?? (() => undefined);
  }

  get running(): readonly ClusterProcess[] {
    return [...this.#running.values()];
  }

  /** Ends what a start that was killed has left running. */
  async clear(names: readonly ProgramName[]): Promise<void> {
    for (const name of names) await killLeftBehind(this.#pidFile(name));
  }

  /** `before` is done before this start and before each later one. */
  async start(command: string, program: Program, before: () => Promise<void> = async () => undefined): Promise<Child> {
    await before();
    const child = await startChild({
      name: program.name,
      command,
      argv0: program.name,
      args: program.args,
      env: program.env ?? {},
      cwd: this.#folder.dir,
      logFile: join(this.#folder.logs, `${program.name}.log`),
      pidFile: this.#pidFile(program.name),
    });
    this.#running.set(program.name, { name: program.name, child, port: program.port });
    this.#watches.push(this.#restart(child, () => this.start(command, program, before)));
    this.#onChange();
    return child;
  }

  /**
   * Everything but etcd is killed at once: none of them holds state, and the API server alone would take
   * ten seconds to say goodbye.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const all = this.running.toReversed();
    await Promise.all(all.filter(({ name }) => name !== 'etcd').map(({ child }) => child.stop({ graceMs: 0 })));
    await this.#running.get('etcd')?.child.stop({ graceMs: etcdGraceMs });
    await Promise.allSettled(this.#watches);
    // One that was just being restarted.
    await Promise.all(this.running.map(({ child }) => child.stop({ graceMs: 0 })));
    this.#running.clear();
  }

  async #restart(child: Child, again: () => Promise<Child>): Promise<void> {
    await child.exited;
    while (!this.#stopping.signal.aborted) {
      await delay(restartAfterMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined); // Aborted: the loop ends.
      if (this.#stopping.signal.aborted) return;
      try {
        await again();
        return;
      } catch {
        // The next round tries again; the program's log says why it did not start.
      }
    }
  }

  #pidFile(name: ProgramName): string {
    return join(this.#folder.run, `${name}.pid`);
  }
}
