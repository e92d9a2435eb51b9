import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunStopRequested } from '@skyflo/contracts';
import type { TestDatabase } from '@skyflo/testkit';
import type { Store, Tx } from '../src/index.ts';
import { aMigratedDatabase, aStop, openGateway, TestStream } from './support.ts';

let database: TestDatabase;
let store: Store;
const stream = new TestStream();

beforeAll(async () => {
  database = await aMigratedDatabase();
  // One connection: what a transaction leaves behind on it, the next one would find.
  store = await openGateway(database.urlFor('gateway'), { publish: stream.publish, poolSize: 1 });
  await store.query('create table things (id int primary key, name text)');
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const things = () => store.query<{ id: number }>('select id from things order by id');

describe('a transaction', () => {
  it('sends statements without waiting for each other, and answers each its own', async () => {
    const answers = await store.transaction((tx) =>
      Promise.all([1, 2, 3].map((n) => tx.query<{ n: number }>('select $1::int as n', [n]))),
    );
    expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
  });

  it('fails with the statement that failed, not with those that were on their way behind it', async () => {
    const failing = store.transaction((tx) =>
      Promise.all([tx.query('insert into things values (1)'), tx.query('select 1/0'), tx.query('select 1')]),
    );
    await expect(failing).rejects.toThrow('division by zero');
    expect(await things()).toEqual([]);
  });

  it('that went on after a failed statement commits nothing, and says so', async () => {
    const careless = store.transaction(async (tx) => {
      await tx.query('insert into things values (2)');
      await tx.query('select 1/0').catch(() => undefined);
    });
    await expect(careless).rejects.toThrow('was rolled back');
    expect(await things()).toEqual([]);
  });

  it('publishes nothing when the row of its event could not be written', async () => {
    const stop = aStop();
    const stored = stream.stored.length;
    const failing = store.transaction(async (tx) => {
      await tx.query('insert into things values (3)');
      await tx.emit(RunStopRequested, stop);
      await tx.query('alter table outbox add constraint full_now check (false) not valid');
    });
    await expect(failing).rejects.toThrow('full_now');
    expect(await things()).toEqual([]);
    expect(stream.stored).toHaveLength(stored);
    const [row] = await store.query('select 1 from outbox_sequences where key = $1', [stop.runId]);
    expect(row).toBeUndefined();
  });

  it('is ended by a statement that it only sent, and says that this was the reason', async () => {
    const failing = store.transaction(async (tx) => {
      tx.send('select 1/0');
      await tx.query('insert into things values (5)');
    });
    await expect(failing).rejects.toThrow('division by zero');
    const last = store.transaction(async (tx) => tx.send('select 1/0'));
    await expect(last).rejects.toThrow('division by zero');
    expect(await things()).toEqual([]);
  });

  it('cannot be spoken for when it is over: its connection may be somebody else’s', async () => {
    let kept: Tx | undefined;
    await store.transaction(async (tx) => {
      kept = tx;
      await tx.query('select 1');
    });
    await expect(kept?.query('insert into things values (4)')).rejects.toThrow('the transaction is over');
    expect(await things()).toEqual([]);
  });

  it('keeps TypeORM’s repositories from beginning one of their own', async () => {
    const begun = await store.transaction(async (tx) => tx.manager.queryRunner?.isTransactionActive);
    expect(begun).toBe(true);
  });
});

describe('a prepared statement', () => {
  it('is prepared anew when a migration changed its columns: the first to find out is told to come again', async () => {
    const all = () => store.query('select * from things');
    expect(await all()).toEqual([]);
    await store.query('alter table things add column colour text');
    await expect(all()).rejects.toMatchObject({ code: 'StoreUnavailable', retryable: true });
    expect(await all()).toEqual([]);
  });
});
