import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, CONFIG, Logger } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GateConfig } from '../config.ts';
import { Approvals } from '../domain/ports.ts';
import { Closings } from './closings.ts';

/** Closes approvals nobody decided in time. Any number of replicas may run it: the row's lock lets one of them say so. */
@Injectable()
export class Expiry implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly approvals: Approvals,
    private readonly closings: Closings,
    private readonly clock: Clock,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: GateConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run(this.stopping.signal);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.sweep().catch((error: unknown) =>
        this.logger.error('expired approvals could not be closed', { error }),
      );
      // Only the abort ends a sleep early.
      await sleep(this.config.sweepMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async sweep(now = this.clock.now()): Promise<void> {
    for (const callId of await this.approvals.overdue(now, 100)) {
      await this.store.transaction(async (tx) => {
        const waiting = await this.closings.lock(tx, callId);
        if (waiting?.approval.state === 'open' && waiting.approval.expiresAt <= now)
          await this.closings.expire(tx, waiting);
      });
    }
  }
}
