import { Client } from 'pg';
import { sessionOf } from './data-source.ts';
import type { ConnectionOptions } from './data-source.ts';
import type { HeldLease } from './held-lease.ts';
import type { StoreLogger } from './logger.ts';

/** A renewal that takes longer is tried again on a new connection. */
const patienceMs = 2_000;
const remindEveryMs = 60_000;

/**
 * All leases that are due in one statement. A row that somebody has locked is passed by and tried again soon: it must not hold
 * up the renewal of the others.
 */
const renewDue = `
  with mine as (
    select * from unnest($1::text[], $2::integer[], $3::uuid[], $4::integer[]) as m (key, attempt, holder, ttl_ms)
  ), free as (
    select l.key from leases l join mine m using (key, attempt, holder)
    where l.expires_at > clock_timestamp() for no key update of l skip locked
  ), renewed as (
    update leases l set expires_at = clock_timestamp() + m.ttl_ms * interval '1 millisecond'
    from mine m join free f using (key) where l.key = m.key returning l.key
  )
  select m.holder, r.key is not null as renewed, l.key is not null and l.expires_at > clock_timestamp() as held
  from mine m left join leases l using (key, attempt, holder) left join renewed r on r.key = m.key`;

/** Renews held leases, on a connection of its own: behind the pool's work a renewal can come too late (seen at 0.6 s). */
export class Heartbeat {
  readonly #connection: ConnectionOptions;
  readonly #logger: StoreLogger;
  readonly #leases = new Set<HeldLease>();
  #client: Promise<Client> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beating = false;
  #closed = false;
  #remindAt = 0;

  constructor(connection: ConnectionOptions, logger: StoreLogger) {
    this.#connection = connection;
    this.#logger = logger;
  }

  add(lease: HeldLease): void {
    if (this.#closed) return lease.giveUp();
    this.#leases.add(lease);
    this.#schedule();
  }

  delete(lease: HeldLease): void {
    this.#leases.delete(lease);
  }

  /** Stops renewing; resolves with what was still held. */
  async close(): Promise<HeldLease[]> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const held = [...this.#leases];
    this.#leases.clear();
    await this.#disconnect();
    return held;
  }

  #schedule(waitMs = 0): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#beating || this.#leases.size === 0) return;
    const next = Math.min(...[...this.#leases].map(({ renewAt }) => renewAt));
    this.#timer = setTimeout(() => void this.#beat(), Math.max(waitMs, next - performance.now()));
    this.#timer.unref();
  }

  async #beat(): Promise<void> {
    this.#beating = true;
    let retryMs = 0;
    const due = this.#due();
    try {
      if (due.length > 0 && (await this.#renew(due)) > 0) retryMs = retryAfter(due);
    } catch (error) {
      retryMs = retryAfter(due);
      this.#complain(error);
      await this.#disconnect();
    }
    this.#beating = false;
    this.#schedule(retryMs);
  }

  #due(): HeldLease[] {
    for (const lease of this.#leases) if (lease.over) this.#leases.delete(lease);
    const now = performance.now();
    // What is due soon goes along.
    return [...this.#leases].filter(({ renewAt, ttlMs }) => renewAt - ttlMs / 10 <= now);
  }

  /** Resolves with how many must be tried again. */
  async #renew(due: readonly HeldLease[]): Promise<number> {
    this.#client ??= this.#connect();
    const client = await this.#client;
    const askedAt = performance.now();
    const { rows } = await client.query<{ holder: string; renewed: boolean; held: boolean }>(renewDue, [
      due.map(({ key }) => key),
      due.map(({ attempt }) => attempt),
      due.map(({ holder }) => holder),
      due.map(({ ttlMs }) => ttlMs),
    ]);
    const answers = new Map(rows.map((row) => [row.holder, row]));
    let again = 0;
    for (const lease of due) {
      const answer = answers.get(lease.holder);
      if (answer?.renewed) lease.renewed(askedAt);
      else if (answer?.held) again += 1;
      else this.#lost(lease);
    }
    return again;
  }

  #lost(lease: HeldLease): void {
    // Released meanwhile is not lost.
    if (!this.#leases.delete(lease)) return;
    this.#logger.warn('lease lost', { key: lease.key, attempt: lease.attempt });
    lease.giveUp();
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.#connection.url,
      ...sessionOf(this.#connection.schema),
      connectionTimeoutMillis: patienceMs,
      query_timeout: patienceMs,
      keepAlive: true,
    });
    // Without a listener a broken idle connection ends the process; the next beat makes a new one.
    client.on('error', () => void this.#disconnect());
    await client.connect();
    return client;
  }

  async #disconnect(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    try {
      await (await client)?.end();
    } catch {
      // It never was connected, or no longer is.
    }
  }

  #complain(error: unknown): void {
    const now = performance.now();
    if (now < this.#remindAt) return;
    this.#remindAt = now + remindEveryMs;
    this.#logger.warn('leases could not be renewed', { error, held: this.#leases.size });
  }
}

function retryAfter(due: readonly HeldLease[]): number {
  return Math.min(1_000, Math.min(...due.map(({ ttlMs }) => ttlMs)) / 10);
}
