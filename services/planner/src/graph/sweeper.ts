import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, Logger, repeat, type Repeated } from '@skyflo/service-kit';
import type { PlannerConfig } from '../config.ts';
import { Runs } from '../domain/ports.ts';
import { RunWorker } from './run-worker.ts';
import { Walker } from './walker.ts';

/** Finds runs that could go on and that nobody works on: after a crash, a lost wake, an error. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private sweeping: Repeated | undefined;

  constructor(
    private readonly runs: Runs,
    private readonly worker: RunWorker,
    private readonly walker: Walker,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: PlannerConfig,
  ) {}

  onApplicationBootstrap(): void {
    const { logger, config } = this;
    this.sweeping = repeat(() => this.sweep(), { everyMs: config.sweepMs, what: 'finding forgotten runs', logger });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sweeping?.stop();
  }

  private async sweep(): Promise<void> {
    for (const { id, ended } of await this.runs.forgotten(this.config.sweepMs)) {
      if (this.worker.isWorking(id)) continue;
      if (ended) await this.walker.tidy(id);
      else this.worker.wake(id);
    }
  }
}
