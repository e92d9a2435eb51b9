import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { derivedId, RunStopRequested } from '@skyflo/contracts';
import { CONFIG, Logger, repeat, type Repeated } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import type { ToolRunnerConfig } from '../config.ts';
import { type Ending, OwnRuns } from '../domain/own-runs.ts';

/** More runs than this are not left at once; the rest waits for the next sweep. */
const sweepLimit = 100;

/**
 * Who waits here for which run. Each sweep says in the rows that they still wait, hears of runs that ended elsewhere, and
 * leaves those whose process died: nobody would be told what they came to, so they are asked to stop like any other run.
 * What was granted by then is for the ledger to decide.
 */
@Injectable()
export class Attendance implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly waiting = new Map<string, (ending: Ending) => void>();
  private readonly leaving = new Set<Promise<void>>();
  private sweeping: Repeated | undefined;

  constructor(
    private readonly store: Store,
    private readonly runs: OwnRuns,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: ToolRunnerConfig,
  ) {}

  onApplicationBootstrap(): void {
    const { logger, config } = this;
    const what = 'waiting for runs of MCP clients';
    this.sweeping = repeat(() => this.sweep(), { everyMs: config.sweepMs, what, logger });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeping?.stop();
    // Their clients are cut off with this process.
    await Promise.allSettled([...this.waiting.keys()].map((runId) => this.leave(runId)));
    await Promise.allSettled(this.leaving);
  }

  get attendedForMs(): number {
    return this.config.leaseSeconds * 1_000;
  }

  /** Resolves with how the run ended; with undefined when the signal says that nobody waits any more, which leaves the run. */
  async wait(runId: string, signal: AbortSignal): Promise<Ending | undefined> {
    const { promise, resolve } = Promise.withResolvers<Ending | undefined>();
    const gone = () => resolve(undefined);
    this.waiting.set(runId, resolve);
    signal.addEventListener('abort', gone, { once: true });
    if (signal.aborted) gone();
    try {
      const ending = await promise;
      if (!ending) await this.leave(runId);
      return ending;
    } finally {
      signal.removeEventListener('abort', gone);
      this.waiting.delete(runId);
    }
  }

  /** A run ended in this process: whoever waits for it need not wait for the sweep. */
  tell(runId: string, ending: Ending): void {
    this.waiting.get(runId)?.(ending);
  }

  /** Asks the run to stop, once, unless it has ended. */
  leave(runId: string): Promise<void> {
    const left = this.store.transaction(async (tx) => {
      const run = await this.runs.leave(tx, runId);
      if (!run) return;
      await tx.emit(RunStopRequested, {
        conversationId: run.conversationId,
        runId: run.runId,
        id: derivedId(runId, RunStopRequested.type),
        data: { by: run.requestedBy },
      });
    });
    this.leaving.add(left);
    const forget = () => this.leaving.delete(left);
    left.then(forget, forget);
    return left;
  }

  private async sweep(): Promise<void> {
    for (const { runId, ending } of await this.runs.attend([...this.waiting.keys()], this.attendedForMs))
      this.tell(runId, ending);
    for (const runId of await this.runs.forsaken(sweepLimit)) {
      await this.leave(runId);
      this.logger.info('nobody waits for a run any more', { runId });
    }
  }
}
