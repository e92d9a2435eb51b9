import { randomUUID } from 'node:crypto';
import type { ConnectionOptions } from './data-source.ts';
import { Heartbeat } from './heartbeat.ts';
import { HeldLease } from './held-lease.ts';
import type { Lease } from './lease.ts';
import type { StoreLogger } from './logger.ts';
import type { Tx } from './tx.ts';

/**
 * The attempt counts up only here: a renewal keeps it, and a lease that somebody holds is not taken. `on conflict do nothing`
 * without a target, because with one those who make the same lease at once trip over the other unique key (seen).
 */
const take = `
  with made as (
    insert into leases (key, attempt, holder, replica, expires_at)
    values ($1, 1, $2, $4, clock_timestamp() + $3 * interval '1 millisecond')
    on conflict do nothing returning attempt
  ), taken as (
    update leases set attempt = attempt + 1, holder = $2, replica = $4, expires_at = clock_timestamp() + $3 * interval '1 millisecond'
    where key = $1 and (holder is null or expires_at <= clock_timestamp()) and not exists (select 1 from made)
    returning attempt
  )
  select attempt from made union all select attempt from taken`;

type Querying = { query<T>(sql: string, params?: readonly unknown[]): Promise<T[]> };

/**
 * Who may work on something now. A lease that was acquired is renewed every third of its time until it is released or lost;
 * when its process dies or is paused for longer, it runs out and the next attempt takes over. The signal tells the holder's
 * work; `assertLease` keeps its transactions out. Not re-entrant: while a process holds a key, it cannot acquire it again.
 */
export class Leases {
  readonly #store: Querying;
  readonly #replica: string | null;
  readonly #logger: StoreLogger;
  readonly #heartbeat: Heartbeat;

  /** @internal Part of the store. */
  constructor(store: Querying, connection: ConnectionOptions & { readonly replica?: string }, logger: StoreLogger) {
    this.#store = store;
    this.#replica = connection.replica ?? null;
    this.#logger = logger;
    this.#heartbeat = new Heartbeat(connection, logger);
  }

  /** Takes the lease if nobody holds it; the caller must release it. A good `ttlMs` is 15,000. */
  async acquire(key: string, options: { ttlMs: number }): Promise<Lease | undefined> {
    const lease = await this.#take(this.#store, key, options.ttlMs);
    if (lease) this.#heartbeat.add(lease);
    return lease;
  }

  /**
   * Takes the lease together with the transaction's rows, saving a round trip and a moment in which one is there without the
   * other. It is held from the commit on; if the transaction fails it never was.
   */
  async acquireIn(tx: Tx, key: string, options: { ttlMs: number }): Promise<Lease | undefined> {
    const lease = await this.#take(tx, key, options.ttlMs);
    if (!lease) return undefined;
    tx.afterCommit(() => this.#heartbeat.add(lease));
    tx.afterFailure(() => lease.giveUp());
    return lease;
  }

  /** Works under the lease and releases it; undefined, without having worked, when somebody else holds it. */
  async hold<T>(key: string, options: { ttlMs: number }, work: (lease: Lease) => Promise<T>): Promise<T | undefined> {
    const lease = await this.acquire(key, options);
    if (!lease) return undefined;
    try {
      return await work(lease);
    } finally {
      await lease.release();
    }
  }

  /**
   * @internal Ends what an earlier process of this replica held: whoever names replicas promises that it is dead. Should it be
   * alive after all it loses its leases like one that was paused too long, and can write no more.
   */
  async takeBack(): Promise<void> {
    if (this.#replica === null) return;
    const rows = await this.#store.query<{ key: string }>(
      'update leases set holder = null, expires_at = clock_timestamp() where replica = $1 and holder is not null returning key',
      [this.#replica],
    );
    if (rows.length > 0) this.#logger.warn('took back the leases of an earlier process', { held: rows.length });
  }

  /** @internal Gives up everything, so that others can take over at once. */
  async close(): Promise<void> {
    const held = await this.#heartbeat.close();
    await Promise.all(held.map((lease) => this.#release(lease)));
  }

  async #take(through: Querying, key: string, ttlMs: number): Promise<HeldLease | undefined> {
    const holder = randomUUID();
    const askedAt = performance.now();
    const [taken] = await through.query<{ attempt: number }>(take, [key, holder, ttlMs, this.#replica]);
    if (!taken) return undefined;
    return new HeldLease({ key, attempt: taken.attempt, holder, ttlMs, askedAt }, (lease) => this.#release(lease));
  }

  async #release(lease: HeldLease): Promise<void> {
    this.#heartbeat.delete(lease);
    lease.giveUp();
    try {
      await this.#store.query(
        'update leases set holder = null, expires_at = clock_timestamp() where key = $1 and attempt = $2 and holder = $3',
        [lease.key, lease.attempt, lease.holder],
      );
    } catch (error) {
      // It runs out by itself.
      this.#logger.warn('lease could not be released', { error, key: lease.key, attempt: lease.attempt });
    }
  }
}
