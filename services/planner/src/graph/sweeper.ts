import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, Logger } from '@skyflo/service-kit';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannerConfig } from '../config.ts';
import { Runs } from '../domain/ports.ts';
import { RunWorker } from './run-worker.ts';
import { Walker } from './walker.ts';

/** Finds runs that could go on and that nobody works on: after a crash, a lost wake, an error. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly runs: Runs,
    private readonly worker: RunWorker,
    private readonly walker: Walker,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: PlannerConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run(this.stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.sweep().catch((error: unknown) => this.logger.warn('the sweep failed', { error }));
      // Only the abort ends a sleep early.
      await sleep(this.config.sweepMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async sweep(): Promise<void> {
    for (const { id, ended } of await this.runs.forgotten(this.config.sweepMs)) {
      if (this.worker.isWorking(id)) continue;
      if (ended) await this.walker.tidy(id);
      else this.worker.wake(id);
    }
  }
}
