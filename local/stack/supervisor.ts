import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '../servers/child.ts';
import type { StackProcess } from './stack-file.ts';

export type Running = { readonly child: Child; stop(): Promise<unknown> };

/** Something that is kept running. */
export type ProcessSpec = {
  readonly name: string;
  readonly port: number | undefined;
  /** Later stages stand on earlier ones, so they are stopped first; those of one stage are stopped together. */
  readonly stage: number;
  /** Called for the first start and for each later one; rejects when it could not be started. */
  start(): Promise<Running>;
};

export type SupervisorOptions = {
  /** Called whenever `processes` has changed. */
  readonly onChange: () => void;
  /** A sentence for the person at the terminal: something died, something could not be started again. */
  readonly onTrouble: (sentence: string) => void;
  readonly backoff?: { readonly firstMs: number; readonly mostMs: number; readonly healthyMs: number };
};

// Quick for the one crash that people try out, patient with what cannot start.
const usualBackoff = { firstMs: 200, mostMs: 10_000, healthyMs: 30_000 };

/** Keeps processes running: what dies is started again, with growing pauses while it keeps dying. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running = new Map<ProcessSpec, Running>();
  readonly #watches = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get processes(): StackProcess[] {
    return [...this.#running].map(([{ name, port }, { child }]) => ({ name, pid: child.pid, port: port ?? null }));
  }

  /** Starts it and watches it from now on. Rejects when the first start fails; then nothing is watched. */
  async start(spec: ProcessSpec): Promise<Child> {
    this.#stopping.signal.throwIfAborted();
    const child = await this.#startOnce(spec);
    const watch = this.#watch(spec, child).finally(() => this.#watches.delete(watch));
    this.#watches.add(watch);
    return child;
  }

  /** Stops everything, later stages first, and whatever was just being started again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const stages = new Set([...this.#running.keys()].map(({ stage }) => stage));
    for (const stage of [...stages].toSorted((a, b) => b - a)) {
      const inStage = [...this.#running].filter(([spec]) => spec.stage === stage);
      await Promise.all(inStage.map(([, running]) => running.stop()));
    }
    await Promise.all(this.#watches);
  }

  async #startOnce(spec: ProcessSpec): Promise<Child> {
    const running = await spec.start();
    if (this.#stopping.signal.aborted) {
      await running.stop();
      this.#stopping.signal.throwIfAborted();
    }
    this.#running.set(spec, running);
    this.#options.onChange();
    return running.child;
  }

  async #watch(spec: ProcessSpec, first: Child): Promise<void> {
    const { firstMs, mostMs, healthyMs } = this.#options.backoff ?? usualBackoff;
    let pauseMs = firstMs;
    for (let child: Child | undefined = first; ;) {
      if (child) {
        const startedAt = performance.now();
        const exit = await child.exited;
        this.#running.delete(spec);
        this.#options.onChange();
        if (this.#stopping.signal.aborted) return;
        this.#options.onTrouble(`${spec.name} ended with ${exit.signal ?? `code ${exit.code}`} and is started again`);
        if (performance.now() - startedAt > healthyMs) pauseMs = firstMs;
      }
      await delay(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined); // Stopping: seen below.
      if (this.#stopping.signal.aborted) return;
      pauseMs = Math.min(pauseMs * 2, mostMs);
      child = await this.#startOnce(spec).catch((error: unknown) => {
        if (!this.#stopping.signal.aborted)
          this.#options.onTrouble(
            `${spec.name} could not be started: ${error instanceof Error ? error.message : String(error)}`,
          );
        return undefined;
      });
    }
  }
}
