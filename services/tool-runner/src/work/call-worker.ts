import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ensureFailure } from '@skyflo/contracts';
import { CONFIG, Logger, repeat, type Repeated } from '@skyflo/service-kit';
import { type Lease, Store, type Tx } from '@skyflo/store';
import type { ToolRunnerConfig } from '../config.ts';
import { type Call, Calls } from '../domain/ports.ts';
import { Work } from './work.ts';

/** A call as it was when its lease was taken, with that lease. */
type Begun = { readonly call: Call; readonly lease: Lease };

/** More than this many calls are not looked for at once; the rest waits for the next sweep. */
const sweepLimit = 100;

/**
 * Works off calls, each under its own lease, so that one process does it at a time. Handlers take the lease in the commit that
 * makes something due; a sweep finds what was missed, what a crash left behind and what has to wait.
 */
@Injectable()
export class CallWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly cancels = new Map<string, AbortController>();
  private readonly inHand = new Map<string, Promise<void>>();
  /** With the lease that came with the wake, where one did. */
  private readonly wokenMeanwhile = new Map<string, Begun | undefined>();
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

  /** Takes the call's lease with the transaction that made something due, where it is free, and begins after the commit. */
  async beginAfter(tx: Tx, call: Call): Promise<void> {
    if (call.due === 'read') this.calls.start(tx, call.callId);
    const lease = await this.store.leases.acquireIn(tx, keyOf(call.callId), { ttlMs: this.ttlMs });
    tx.afterCommit(() => this.wake(call.callId, lease && { call, lease }));
  }

  /** Something may be due for this call. Harmless when it is not. */
  private wake(callId: string, begun?: Begun): void {
    if (this.stopping.signal.aborted) {
      void begun?.lease.release();
    } else if (this.inHand.has(callId)) {
      // Two leases of one call: the older is lost, or the younger could not have been taken.
      this.wokenMeanwhile.set(callId, begun ?? this.wokenMeanwhile.get(callId));
    } else {
      this.inHand.set(callId, this.workOff(callId, begun));
    }
  }

  /** Ends a read or a plan that is running here; a write that was begun goes on. */
  cancel(callId: string): void {
    this.cancels.get(callId)?.abort();
  }

  private async workOff(callId: string, begun: Begun | undefined): Promise<void> {
    let given = begun;
    try {
      do {
        this.wokenMeanwhile.delete(callId);
        await this.turn(callId, given);
        given = this.wokenMeanwhile.get(callId);
        // Looked at after the lease is free, and with no await before the entry goes: an event in between is not lost.
      } while (this.wokenMeanwhile.has(callId) && !this.stopping.signal.aborted);
    } catch (error) {
      const { code, message } = ensureFailure(error);
      this.logger.warn('a call is taken up again later', { callId, code, error: message });
    } finally {
      this.inHand.delete(callId);
      void this.wokenMeanwhile.get(callId)?.lease.release();
      this.wokenMeanwhile.delete(callId);
    }
  }

  private async turn(callId: string, begun: Begun | undefined): Promise<void> {
    const cancelled = new AbortController();
    this.cancels.set(callId, cancelled);
    try {
      const lease = begun?.lease ?? (await this.store.leases.acquire(keyOf(callId), { ttlMs: this.ttlMs }));
      if (lease) await this.workUnder(lease, begun?.call ?? callId, cancelled.signal);
    } finally {
      this.cancels.delete(callId);
    }
  }

  private async workUnder(lease: Lease, known: Call | string, cancelled: AbortSignal): Promise<void> {
    try {
      const call = typeof known === 'string' ? await this.calls.find(known) : known;
      const signal = AbortSignal.any([lease.signal, cancelled, this.stopping.signal]);
      if (call) await this.work.carryOn(call, { lease, signal });
    } finally {
      await lease.release();
    }
  }

  private get ttlMs(): number {
    return this.config.leaseSeconds * 1_000;
  }

  private async sweep(): Promise<void> {
    for (const callId of await this.calls.due(sweepLimit)) if (!this.inHand.has(callId)) this.wake(callId);
  }
}

function keyOf(callId: string): string {
  return `call/${callId}`;
}
