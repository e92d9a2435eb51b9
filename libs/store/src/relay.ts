import { ensureFailure } from '@skyflo/contracts';
import type { Envelope, Publish } from '@skyflo/contracts';
import type { DataSource, QueryRunner } from 'typeorm';
import { publishChannel } from './channels.ts';
import type { StoreLogger } from './logger.ts';
import { batchSize, deletePublished, markPublished } from './outbox.ts';
import { sweepBatch } from './sweep.ts';
import { within } from './within.ts';

export type RelayOptions = {
  readonly schema: string;
  readonly publish: Publish;
  readonly logger: StoreLogger;
  /** How often the table is looked at, and how old a row is before it counts as left behind. */
  readonly sweepMs: number;
  /** How long published rows stay. */
  readonly keepMs: number;
};

/** Beyond this many envelopes in memory the table alone carries them. */
const maxQueued = 10_000;
const purgeEveryMs = 60_000;
const remindEveryMs = 60_000;

/**
 * Brings committed envelopes from the outbox to the bus, at least once and under their own ids.
 *
 *   commit ── push ──▶ queue ──▶ publish ──▶ mark          the fast path: one loop, in commit order, nothing read back
 *                        │ fails, crashes, too many
 *                        ▼
 *               rows left behind ◀── sweep every second    publish ──▶ mark, in the order of the rows
 *
 * While the bus is away only the sweep tries it; the queue is empty then and new envelopes wait in the table.
 */
export class Relay {
  readonly #dataSource: DataSource;
  readonly #options: RelayOptions;
  #queue: Envelope[] = [];
  #published: string[] = [];
  #draining: Promise<void> | undefined;
  #marking: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;
  #awaySince: number | undefined;
  #remindAt = 0;
  #closed = false;
  readonly #sweepTimer: NodeJS.Timeout;
  #purgeTimer: NodeJS.Timeout;

  constructor(dataSource: DataSource, options: RelayOptions) {
    this.#dataSource = dataSource;
    this.#options = options;
    this.#sweepTimer = setInterval(() => this.#startSweep(), options.sweepMs);
    // Not at once: after a long pause causes are redelivered whose effects these rows still know.
    this.#purgeTimer = setTimeout(() => this.#startPurge(), options.keepMs);
  }

  /** Takes envelopes whose transaction has just been committed. Never throws and never waits. */
  push(envelopes: readonly Envelope[]): void {
    if (this.#closed || this.#awaySince !== undefined || this.#queue.length > maxQueued) return;
    this.#queue.push(...envelopes);
    this.#startDrain();
  }

  /** Publishes what waits as far as that is possible within `deadlineMs`; the rest stays in the table for the next process. */
  async close(deadlineMs: number): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweepTimer);
    clearTimeout(this.#purgeTimer);
    await within(deadlineMs, this.#flush());
  }

  async #flush(): Promise<void> {
    while (this.#draining) await this.#draining;
    while (this.#marking) await this.#marking;
    await this.#sweeping;
    if (this.#awaySince === undefined) await this.#sweep(0);
  }

  #startDrain(): void {
    if (this.#queue.length === 0) return;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      this.#startDrain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, batchSize);
      try {
        const events = batch.map(({ type }) => type);
        const { publish, schema } = this.#options;
        await publishChannel.tracePromise(() => publish(batch), { schema, events });
      } catch (error) {
        this.#queue = [];
        // One that can never be published is found by the sweep.
        if (ensureFailure(error).retryable) this.#wentAway(error);
        return;
      }
      this.#published.push(...batch.map(({ id }) => id));
      this.#startMark();
    }
  }

  /** Runs beside the next publication; what is published meanwhile is marked in one statement. */
  #startMark(): void {
    if (this.#published.length === 0) return;
    this.#marking ??= this.#mark().finally(() => {
      this.#marking = undefined;
      this.#startMark();
    });
  }

  async #mark(): Promise<void> {
    const ids = this.#published.splice(0);
    try {
      await this.#withRunner((runner) => markPublished(runner, ids));
    } catch (error) {
      // The sweep publishes them again under the same ids, which the stream stores once.
      this.#options.logger.warn('published events could not be marked', { error, count: ids.length });
    }
  }

  #startSweep(): void {
    // While the bus is away nobody else publishes, so no row is too young.
    this.#sweeping ??= this.#sweep(this.#awaySince === undefined ? this.#options.sweepMs : 0).finally(() => {
      this.#sweeping = undefined;
    });
  }

  async #sweep(olderThanMs: number): Promise<void> {
    try {
      let taken: number;
      do {
        taken = await this.#withRunner((runner) => sweepBatch(runner, { ...this.#options, olderThanMs }));
      } while (taken === batchSize);
      this.#cameBack();
    } catch (error) {
      this.#wentAway(error);
    }
  }

  #startPurge(): void {
    void this.#purge().finally(() => {
      const nextMs = Math.min(purgeEveryMs, this.#options.keepMs);
      if (!this.#closed) this.#purgeTimer = setTimeout(() => this.#startPurge(), nextMs);
    });
  }

  async #purge(): Promise<void> {
    try {
      while (await this.#withRunner((runner) => deletePublished(runner, this.#options.keepMs)));
    } catch (error) {
      this.#options.logger.warn('published events could not be deleted', { error });
    }
  }

  #wentAway(error: unknown): void {
    const now = performance.now();
    this.#awaySince ??= now;
    if (now < this.#remindAt) return;
    this.#remindAt = now + remindEveryMs;
    this.#options.logger.warn('events wait in the outbox', { error });
  }

  #cameBack(): void {
    if (this.#awaySince === undefined) return;
    const awayMs = Math.round(performance.now() - this.#awaySince);
    this.#awaySince = undefined;
    this.#remindAt = 0;
    this.#options.logger.info('events leave the outbox again', { awayMs });
  }

  async #withRunner<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.#dataSource.createQueryRunner();
    try {
      return await work(runner);
    } finally {
      await runner.release();
    }
  }
}
