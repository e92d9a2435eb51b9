import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, CONFIG, Logger, repeat, type Repeated } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import type { GateConfig } from '../config.ts';
import { Approvals } from '../domain/ports.ts';
import { Closings } from './closings.ts';

/** Closes approvals nobody decided in time. Any number of replicas may run it: the row's lock lets one of them say so. */
@Injectable()
export class Expiry implements OnApplicationBootstrap, OnApplicationShutdown {
  private sweeping: Repeated | undefined;

  constructor(
    private readonly store: Store,
    private readonly approvals: Approvals,
    private readonly closings: Closings,
    private readonly clock: Clock,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: GateConfig,
  ) {}

  onApplicationBootstrap(): void {
    const { logger, config } = this;
    this.sweeping = repeat(() => this.sweep(), { everyMs: config.sweepMs, what: 'closing expired approvals', logger });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sweeping?.stop();
  }

  private async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const callId of await this.approvals.overdue(now, 100)) {
      await this.store.transaction(async (tx) => {
        const waiting = await this.closings.lock(tx, callId);
        if (waiting?.approval.state === 'open' && waiting.approval.expiresAt <= now)
          await this.closings.expire(tx, waiting);
      });
    }
  }
}
