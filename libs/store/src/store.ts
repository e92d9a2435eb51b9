import { Failure } from '@skyflo/contracts';
import type { Envelope, Publish, Seal } from '@skyflo/contracts';
import type { DataSource, DataSourceOptions, QueryRunner } from 'typeorm';
import { commitChannel } from './channels.ts';
import { dataSourceOf } from './data-source.ts';
import type { ConnectionOptions, MigrationClass } from './data-source.ts';
import { Leases } from './leases.ts';
import { silent } from './logger.ts';
import type { StoreLogger } from './logger.ts';
import { verifyMigrated } from './migrate.ts';
import { insertEnvelopes, toOutboxRows } from './outbox.ts';
import { Relay } from './relay.ts';
import { rowsOf, storeFailure } from './rows.ts';
import { Session } from './session.ts';
import { Tx } from './tx.ts';
import { within } from './within.ts';

export type StoreOptions = ConnectionOptions & {
  /** The service's own; the store's tables are verified with them. */
  readonly migrations: readonly MigrationClass[];
  readonly entities?: DataSourceOptions['entities'];
  /** Default 10. */
  readonly poolSize?: number;
  readonly seal: Seal;
  readonly publish: Publish;
  readonly logger?: StoreLogger;
  /**
   * A name that at most one living process has at a time. Leases that an earlier process under it left behind are free at once;
   * without a name they are when they have run out.
   */
  readonly replica?: string;
  /** How often the outbox is swept for events left behind by a crash; default 1,000. */
  readonly sweepMs?: number;
  /** How long published events stay in the outbox; default 15 minutes, the stream's own window for duplicates. */
  readonly keepPublishedMs?: number;
};

/** What is in hand when the store closes gets this long. */
const closeDeadlineMs = 5_000;

/**
 * Connects to the service's schema. Throws `MigrationsMissing`, naming them, when the schema is older than the code; nothing
 * is migrated here.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const dataSource = await dataSourceOf(options).initialize();
  try {
    await verifyMigrated(dataSource, options.schema);
    const store = new Store(dataSource, options);
    await store.leases.takeBack();
    return store;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** One service's Postgres schema: rows, the events that leave with them, and leases. */
export class Store {
  readonly dataSource: DataSource;
  readonly leases: Leases;
  readonly #schema: string;
  readonly #seal: Seal;
  readonly #logger: StoreLogger;
  readonly #relay: Relay;
  readonly #inHand = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  /** @internal Use `openStore`. */
  constructor(dataSource: DataSource, options: StoreOptions) {
    this.dataSource = dataSource;
    this.#schema = options.schema;
    this.#seal = options.seal;
    this.#logger = options.logger ?? silent;
    this.leases = new Leases(this, options, this.#logger);
    this.#relay = new Relay(dataSource, {
      publish: options.publish,
      schema: options.schema,
      logger: this.#logger,
      sweepMs: options.sweepMs ?? 1_000,
      keepMs: options.keepPublishedMs ?? 15 * 60_000,
    });
  }

  /** One statement on its own; rows also for insert, update and delete `… returning`. */
  async query<T>(sql: string, params?: readonly unknown[]): Promise<T[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await rowsOf<T>(runner, sql, params);
    } catch (error) {
      throw storeFailure(error);
    } finally {
      await runner.release();
    }
  }

  /**
   * Commits what `work` did and emitted, all of it or nothing, then publishes the events without holding the caller. `work`
   * may run again after a failure only if the caller calls again; it must not open a transaction of its own. Isolation is
   * read committed. `name` is for whoever watches: needed only where no event names the transaction.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, { name }: { readonly name?: string } = {}): Promise<T> {
    if (this.#closed) return Promise.reject(Failure.retryable('StoreClosed', 'The service is shutting down.'));
    const transaction = this.#transaction(work, name);
    this.#inHand.add(transaction);
    const forget = () => this.#inHand.delete(transaction);
    transaction.then(forget, forget);
    return transaction;
  }

  /** How many events are committed and not published yet. */
  async outboxWaiting(): Promise<number> {
    const [row] = await this.query<{ waiting: number }>(
      'select count(*)::integer as waiting from outbox where published_at is null and refused is null',
    );
    return row?.waiting ?? 0;
  }

  /** Ends leases and waits for transactions in hand, publishes what waits and disconnects. What cannot be published stays for the next process. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #transaction<T>(work: (tx: Tx) => Promise<T>, name: string | undefined): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const session = await this.#connect(runner);
    const tx = new Tx(session, this.#seal);
    let result: T;
    try {
      const begun = session.begin();
      // Not awaited: whatever follows it fails with it, and the commit awaits it.
      begun.catch(() => undefined);
      result = await work(tx);
      await this.#commit(session, { envelopes: await tx.envelopes(), before: [begun, ...tx.sent], name });
    } catch (error) {
      tx.end();
      await session.rollback();
      this.#follow(tx.consequences('failed'));
      throw storeFailure(await tx.reasonOf(error));
    } finally {
      tx.end();
      await session.release();
    }
    this.#follow(tx.consequences('committed'));
    return result;
  }

  /** The last statement and the commit go together: where it fails, the commit commits nothing. */
  async #commit(
    session: Session,
    {
      envelopes,
      before,
      name,
    }: { envelopes: readonly Envelope[]; before: readonly Promise<unknown>[]; name: string | undefined },
  ): Promise<void> {
    const rows = toOutboxRows(envelopes);
    const events = envelopes.map(({ type }) => type);
    const statements = () => inOrder([...before, insertEnvelopes(session, rows), session.commit()]);
    await commitChannel.tracePromise(statements, { schema: this.#schema, name, events });
    this.#relay.push(envelopes);
  }

  async #connect(runner: QueryRunner): Promise<Session> {
    try {
      return await Session.open(runner);
    } catch (error) {
      await runner.release();
      throw storeFailure(error);
    }
  }

  /** The transaction is over: what follows cannot change its outcome. */
  #follow(consequences: readonly (() => void)[]): void {
    for (const consequence of consequences) {
      try {
        consequence();
      } catch (error) {
        this.#logger.error('what follows a transaction failed', { error });
      }
    }
  }

  async #close(): Promise<void> {
    await this.leases.close();
    await within(closeDeadlineMs, Promise.allSettled(this.#inHand));
    await this.#relay.close(closeDeadlineMs);
    await this.dataSource.destroy();
  }
}

/** Waits for all; of those that failed, the first one is the reason, whoever is heard of first. */
async function inOrder(works: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
