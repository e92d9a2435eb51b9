import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ensureFailure } from '@skyflo/contracts';
import { CONFIG, Logger, repeat, type Repeated } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import type { ToolRunnerConfig } from '../config.ts';
import { Calls } from '../domain/ports.ts';
import { Work } from './work.ts';

/** More than this many calls are not looked for at once; the rest waits for the next sweep. */
const sweepLimit = 100;

/**
 * Works off calls, each under its own lease, so that one process does it at a time. Handlers wake it after their commit; a
 * sweep finds what was missed, what a crash left behind and what has to wait.
 */
@Injectable()
export class CallWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly cancels = new Map<string, AbortController>();
  private readonly inHand = new Map<string, Promise<void>>();
  private readonly wokenMeanwhile = new Set<string>();
  private sweeping: Repeated | undefined;

  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly work: Work,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: ToolRunnerConfig,
  ) {}

  onApplicationBootstrap(): void {
    const { logger, config } = this;
    this.sweeping = repeat(() => this.sweep(), {
      everyMs: config.sweepMs,
      what: 'finding calls with something due',
      logger,
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.sweeping?.stop(), ...this.inHand.values()]);
  }

  /** Something may be due for this call. Harmless when it is not. */
  wake(callId: string): void {
    if (this.stopping.signal.aborted) return;
    if (this.inHand.has(callId)) {
      this.wokenMeanwhile.add(callId);
      return;
    }
    this.inHand.set(callId, this.workOff(callId));
  }

  /** Ends a read or a plan that is running here; a write that was begun goes on. */
  cancel(callId: string): void {
    this.cancels.get(callId)?.abort();
  }

  private async workOff(callId: string): Promise<void> {
    try {
      do {
        this.wokenMeanwhile.delete(callId);
        await this.turn(callId);
        // Looked at after the lease is free, and with no await before the entry goes: an event in between is not lost.
      } while (this.wokenMeanwhile.has(callId) && !this.stopping.signal.aborted);
    } catch (error) {
      const { code, message } = ensureFailure(error);
      this.logger.warn('a call is taken up again later', { callId, code, error: message });
    } finally {
      this.inHand.delete(callId);
    }
  }

  private async turn(callId: string): Promise<void> {
    const cancelled = new AbortController();
    this.cancels.set(callId, cancelled);
    try {
      await this.store.leases.hold(`call/${callId}`, { ttlMs: this.config.leaseSeconds * 1_000 }, async (lease) => {
        const call = await this.calls.find(callId);
        const signal = AbortSignal.any([lease.signal, cancelled.signal, this.stopping.signal]);
        if (call) await this.work.carryOn(call, { lease, signal });
      });
    } finally {
      this.cancels.delete(callId);
    }
  }

  private async sweep(): Promise<void> {
    for (const callId of await this.calls.due(sweepLimit)) if (!this.inHand.has(callId)) this.wake(callId);
  }
}
