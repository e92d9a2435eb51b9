import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@skyflo/contracts';
import type { TestDatabase } from '@skyflo/testkit';
import { assertLease } from '../src/index.ts';
import type { Lease, Store } from '../src/index.ts';
import { aMigratedDatabase, eventually, openGateway, startProcess } from './support.ts';

// Processes are started here, on machines that have other things to do.
jest.setTimeout(30_000);

let database: TestDatabase;
let here: Store;
let there: Store;

beforeAll(async () => {
  database = await aMigratedDatabase();
  const open = () => openGateway(database.urlFor('gateway'), { publish: () => Promise.resolve() });
  [here, there] = await Promise.all([open(), open()]);
});
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await database.drop();
});

const ttlMs = 900;
const openNamed = (replica: string) =>
  openGateway(database.urlFor('gateway'), { publish: () => Promise.resolve(), replica });
const write = (store: Store, lease: Parameters<typeof assertLease>[1]) =>
  store.transaction((tx) => assertLease(tx, lease));

describe('a lease', () => {
  it('has one holder among many who want it at once', async () => {
    const key = newId();
    const wanted = await Promise.all(
      Array.from({ length: 8 }, (_, n) => (n % 2 ? here : there).leases.acquire(key, { ttlMs })),
    );
    const held = wanted.filter((lease) => lease !== undefined);
    expect(held).toHaveLength(1);
    expect(held[0]?.attempt).toBe(1);
    await held[0]?.release();
  });

  it('can be taken at once after its release, under the next attempt', async () => {
    const key = newId();
    const first = await here.leases.hold(key, { ttlMs: 60_000 }, async ({ attempt }) => attempt);
    const second = await there.leases.hold(key, { ttlMs: 60_000 }, async ({ attempt }) => attempt);
    expect([first, second]).toEqual([1, 2]);
  });

  it('is held, under the same attempt, for as long as the work takes', async () => {
    const key = newId();
    await here.leases.hold(key, { ttlMs: 300 }, async (lease) => {
      await delay(1_000);
      expect(lease.signal.aborted).toBe(false);
      expect(await there.leases.acquire(key, { ttlMs: 300 })).toBeUndefined();
      await write(here, lease);
    });
  });

  it('refuses the writes of whoever no longer holds it', async () => {
    const key = newId();
    const old = await here.leases.acquire(key, { ttlMs });
    if (!old) throw new Error('nobody else wants it');
    await old.release();
    expect(old.signal.aborted).toBe(true);
    await expect(write(here, old)).rejects.toMatchObject({ code: 'LeaseLost', retryable: true });
    await there.leases.hold(key, { ttlMs }, async (lease) => {
      expect(lease.attempt).toBe(2);
      await expect(write(here, old)).rejects.toMatchObject({ code: 'LeaseLost' });
      await write(there, lease);
    });
  });

  it('tells its holder when somebody else has it', async () => {
    const key = newId();
    const lease = await here.leases.acquire(key, { ttlMs });
    await there.query('update leases set attempt = attempt + 1, holder = $2 where key = $1', [key, newId()]);
    await delay(ttlMs / 2);
    expect(lease?.signal.aborted).toBe(true);
  });

  it('is given up when it cannot be renewed in time', async () => {
    const key = newId();
    const lease = await here.leases.acquire(key, { ttlMs: 400 });
    await there.transaction(async (tx) => {
      // Whoever holds the row locked keeps every renewal from it.
      await tx.query('select from leases where key = $1 for update', [key]);
      await delay(600);
      expect(lease?.signal.aborted).toBe(true);
    });
  });

  it('is renewed although other transactions assert it without a pause', async () => {
    const key = newId();
    await here.leases.hold(key, { ttlMs: 600 }, async (lease) => {
      const until = performance.now() + 1_500;
      const assertAllTheTime = async () => {
        while (performance.now() < until)
          await here.transaction(async (tx) => {
            await assertLease(tx, lease);
            await delay(5);
          });
      };
      await Promise.all([assertAllTheTime(), assertAllTheTime()]);
      expect(lease.signal.aborted).toBe(false);
    });
  });

  it('passes to nobody while a transaction that asserted it is open', async () => {
    const key = newId();
    const lease = await here.leases.acquire(key, { ttlMs });
    if (!lease) throw new Error('nobody else wants it');
    const order: string[] = [];
    let takeover: Promise<unknown> | undefined;
    await here.transaction(async (tx) => {
      await assertLease(tx, lease);
      await there.query("update leases set expires_at = clock_timestamp() - interval '1 s' where key = $1", [key]);
      takeover = there.leases.hold(key, { ttlMs }, async ({ attempt }) => order.push(`attempt ${attempt}`));
      await delay(200);
      order.push('committing');
    });
    await takeover;
    expect(order).toEqual(['committing', 'attempt 2']);
  });

  it('is kept, and the store goes on, when every connection breaks', async () => {
    const key = newId();
    await here.leases.hold(key, { ttlMs: 1_500 }, async (lease) => {
      await delay(800);
      await there.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = current_user and pid <> pg_backend_pid()',
      );
      await delay(1_500);
      expect(lease.signal.aborted).toBe(false);
      await write(here, lease);
    });
  });

  it('comes with the rows of a transaction, or not at all', async () => {
    const key = newId();
    const failing = here.transaction(async (tx) => {
      expect(await here.leases.acquireIn(tx, key, { ttlMs })).toBeDefined();
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    const lease = await there.transaction((tx) => there.leases.acquireIn(tx, key, { ttlMs: 300 }));
    expect(lease?.attempt).toBe(1);
    await delay(600);
    expect(lease?.signal.aborted).toBe(false);
    expect(await here.leases.acquire(key, { ttlMs })).toBeUndefined();
    await lease?.release();
  });

  it('is released when the store closes', async () => {
    const key = newId();
    const store = await openGateway(database.urlFor('gateway'), { publish: () => Promise.resolve() });
    const lease = await store.leases.acquire(key, { ttlMs: 60_000 });
    await store.close();
    expect(lease?.signal.aborted).toBe(true);
    expect(await there.leases.hold(key, { ttlMs }, async ({ attempt }) => attempt)).toBe(2);
  });

  it('passes from a process that is paused too long, and that process learns of it when it wakes', async () => {
    const key = newId();
    const paused = startProcess('hold-a-lease', {
      DATABASE_URL: database.urlFor('gateway'),
      LEASE_KEY: key,
      TTL_MS: String(ttlMs),
    });
    expect(await paused.line()).toBe('attempt 1');
    paused.signal('SIGSTOP');
    expect(await here.leases.acquire(key, { ttlMs })).toBeUndefined();
    // A renewal may have been on its way to the server when its process was paused.
    let lease: Lease | undefined;
    await eventually('the lease to run out', async () => {
      lease = await here.leases.acquire(key, { ttlMs });
      return lease !== undefined;
    });
    if (!lease) throw new Error('the lease never ran out');
    expect(lease.attempt).toBe(2);
    paused.signal('SIGCONT');
    expect(await paused.line()).toBe('aborted');
    expect(await paused.line()).toBe('LeaseLost');
    await write(here, lease);
    await lease.release();
    await paused.exited();
  });

  it('is free at once for the next process of a replica whose last one was killed, and for no other', async () => {
    const [key, ofAnother] = [newId(), newId()];
    const holding = (LEASE_KEY: string, REPLICA: string) =>
      startProcess('hold-a-lease', {
        DATABASE_URL: database.urlFor('gateway'),
        LEASE_KEY,
        TTL_MS: '3600000',
        REPLICA,
      });
    const [killed, living] = [holding(key, 'one'), holding(ofAnother, 'two')];
    expect(await killed.line()).toBe('attempt 1');
    expect(await living.line()).toBe('attempt 1');
    killed.signal('SIGKILL');
    await killed.exited();
    expect(await here.leases.acquire(key, { ttlMs })).toBeUndefined();
    const next = await openNamed('one');
    const lease = await next.leases.acquire(key, { ttlMs });
    expect(lease?.attempt).toBe(2);
    expect(await next.leases.acquire(ofAnother, { ttlMs })).toBeUndefined();
    await next.close();
    living.signal('SIGKILL');
    await living.exited();
  });

  it('is lost, and writes nothing, to who has the same replica name by mistake', async () => {
    const key = newId();
    const first = await openNamed('twice');
    const lease = await first.leases.acquire(key, { ttlMs: 900 });
    if (!lease) throw new Error('nobody else wants it');
    const second = await openNamed('twice');
    await expect(write(first, lease)).rejects.toMatchObject({ code: 'LeaseLost' });
    expect((await second.leases.acquire(key, { ttlMs }))?.attempt).toBe(2);
    if (!lease.signal.aborted) await new Promise((resolve) => lease.signal.addEventListener('abort', resolve));
    await Promise.all([first.close(), second.close()]);
  });
});
