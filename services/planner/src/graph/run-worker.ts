import { AsyncLocalStorage } from 'node:async_hooks';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { ensureFailure } from '@skyflo/contracts';
import { CONFIG, Logger } from '@skyflo/service-kit';
import { type Lease, Leases, type Tx } from '@skyflo/store';
import type { PlannerConfig } from '../config.ts';
import { Runs, Wakes } from '../domain/ports.ts';
import { Asking } from './asking.ts';
import { Walker } from './walker.ts';

/** A run that is being worked on: whether it was woken since, and the lease that came with the wake. */
type Hand = { again: boolean; given: Lease | undefined };

/** After so many unexpected errors in a row the run is given up: it would only fail again. */
const mostFaults = 5;
/** A stop that another replica heard of. */
const stopLookMs = 500;

/**
 * Works runs, each under its lease, as far as they go. Waking is level-triggered and never lost: whoever wakes has committed
 * its row before, and whoever works looks again after giving the lease back.
 */
@Injectable()
export class RunWorker extends Wakes implements BeforeApplicationShutdown {
  private readonly hands = new Map<string, Hand>();
  private readonly held = new Set<Lease>();
  private readonly working = new Set<Promise<void>>();
  private closing = false;
  /**
   * A wake may come out of another run's graph, whose context LangGraph keeps in async storage: a graph that begins in there
   * takes itself for a part of that one and does not find its own thread. So work begins in the context of the boot.
   */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly leases: Leases,
    private readonly walker: Walker,
    private readonly runs: Runs,
    private readonly asking: Asking,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: PlannerConfig,
  ) {
    super();
  }

  async wakeAfter(tx: Tx, runId: string): Promise<void> {
    const lease = await this.leases.acquireIn(tx, keyOf(runId), { ttlMs: this.ttlMs });
    tx.afterCommit(() => this.take(runId, lease));
  }

  wake(runId: string): void {
    this.take(runId, undefined);
  }

  interrupt(runId: string): void {
    this.asking.interrupt(runId);
  }

  isWorking(runId: string): boolean {
    return this.hands.has(runId);
  }

  /** What the model is saying is not waited for: the next planner asks again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    await Promise.all([...this.held].map((lease) => lease.release()));
    await Promise.all(this.working);
  }

  private take(runId: string, lease: Lease | undefined): void {
    const hand = this.hands.get(runId);
    if (hand) {
      hand.again = true;
      // Two leases of one run: the older is lost, or the younger could not have been taken.
      void hand.given?.release();
      hand.given = lease;
    } else if (this.closing) {
      void lease?.release();
    } else {
      const work = this.outside(() => this.work(runId, { again: true, given: lease }));
      this.working.add(work);
      void work.finally(() => this.working.delete(work));
    }
  }

  private async work(runId: string, hand: Hand): Promise<void> {
    this.hands.set(runId, hand);
    // Between the last look at `again` and the delete nothing is awaited, or a wake in between would vanish.
    while (hand.again && !this.closing) {
      hand.again = false;
      await this.once(runId, hand);
    }
    this.hands.delete(runId);
    await hand.given?.release();
  }

  private async once(runId: string, hand: Hand): Promise<void> {
    try {
      if (!(await this.walkOnce(runId, hand))) return;
      // Only now, with the lease given back: what another planner wrote while we held it, it could not act on.
      const { move } = await this.walker.look(runId);
      if (move.do === 'nothing') await this.walker.tidy(runId);
      else if (!move.do.startsWith('wait')) hand.again = true;
    } catch (error) {
      await this.heal(runId, error);
    }
  }

  /** False when another planner has the run. */
  private async walkOnce(runId: string, hand: Hand): Promise<boolean> {
    const lease = hand.given ?? (await this.leases.acquire(keyOf(runId), { ttlMs: this.ttlMs }));
    if (!lease) return false;
    hand.given = undefined;
    this.held.add(lease);
    try {
      await this.walkUnder(lease, runId);
      return true;
    } finally {
      this.held.delete(lease);
      await lease.release();
    }
  }

  private async walkUnder(lease: Lease, runId: string): Promise<void> {
    const stopLook = setInterval(() => {
      this.runs.isStopRequested(runId).then(
        (stop) => stop && this.asking.interrupt(runId),
        (error: unknown) => this.logger.warn('could not look for a stop', { error, runId }),
      );
    }, stopLookMs);
    try {
      await this.walker.walk(runId, lease, (next) => this.wake(next));
    } finally {
      clearInterval(stopLook);
    }
  }

  /** The sweeper comes back to the run; after too many errors its next move is to end. */
  private async heal(runId: string, error: unknown): Promise<void> {
    const failure = ensureFailure(error);
    if (failure.code === 'LeaseLost' || this.closing) return;
    this.logger.error('a run could not go on', { error, runId });
    try {
      if ((await this.runs.countFault(runId)) < mostFaults) return;
      await this.runs.fail(runId, { code: 'RunFaulted', message: `The planner could not go on: ${failure.message}` });
    } catch (second) {
      this.logger.error('a fault could not be counted', { error: second, runId });
    }
  }

  private get ttlMs(): number {
    return this.config.leaseSeconds * 1000;
  }
}

function keyOf(runId: string): string {
  return `run/${runId}`;
}
