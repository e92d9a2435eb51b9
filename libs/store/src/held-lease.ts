import type { Lease } from './lease.ts';
import { leaseLost } from './lease.ts';

/**
 * A lease as its holder knows it. The database's clock decides; this side counts the same time on its own monotonic clock
 * from before it asked, so it gives up no later than the database lets somebody else in, also after having been paused.
 */
export class HeldLease implements Lease {
  readonly key: string;
  readonly attempt: number;
  readonly holder: string;
  readonly ttlMs: number;
  readonly #controller = new AbortController();
  readonly #release: (lease: HeldLease) => Promise<void>;
  #deadline: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    lease: { key: string; attempt: number; holder: string; ttlMs: number; askedAt: number },
    release: (lease: HeldLease) => Promise<void>,
  ) {
    this.key = lease.key;
    this.attempt = lease.attempt;
    this.holder = lease.holder;
    this.ttlMs = lease.ttlMs;
    this.#release = release;
    this.#deadline = lease.askedAt + lease.ttlMs;
    this.#watch();
  }

  /** Looks at the clock first: after a pause it is aborted before any timer had its turn. */
  get signal(): AbortSignal {
    this.#giveUpWhenOver();
    return this.#controller.signal;
  }

  get over(): boolean {
    this.#giveUpWhenOver();
    return this.#controller.signal.aborted;
  }

  /** When it should be renewed, on the clock of `performance.now()`: a third into its time. */
  get renewAt(): number {
    return this.#deadline - (this.ttlMs * 2) / 3;
  }

  /** It was renewed by a question asked at `askedAt`. */
  renewed(askedAt: number): void {
    if (!this.over) this.#deadline = askedAt + this.ttlMs;
  }

  giveUp(): void {
    clearTimeout(this.#timer);
    if (!this.#controller.signal.aborted) this.#controller.abort(leaseLost(this));
  }

  async release(): Promise<void> {
    await this.#release(this);
  }

  #giveUpWhenOver(): void {
    if (performance.now() >= this.#deadline) this.giveUp();
  }

  #watch(): void {
    this.#timer = setTimeout(
      () => {
        if (!this.over) this.#watch();
      },
      Math.max(1, Math.ceil(this.#deadline - performance.now())),
    );
    this.#timer.unref();
  }
}
