import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { derivedId, Failure, newId, RunStopRequested } from '@skyflo/contracts';
import type { TestDatabase } from '@skyflo/testkit';
import type { Store, StoreOptions } from '../src/index.ts';
import { aMigratedDatabase, aStop, eventually, openGateway, startProcess, TestStream } from './support.ts';

// Processes are started here, on machines that have other things to do.
jest.setTimeout(30_000);

let database: TestDatabase;
const opened: Store[] = [];

beforeAll(async () => {
  database = await aMigratedDatabase();
});
// They share one table: a sweep of one test must not take what another left.
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => database.drop());

async function open(stream: TestStream, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openGateway(database.urlFor('gateway'), { publish: stream.publish, ...options });
  opened.push(store);
  return store;
}

async function waiting(store: Store): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    'select count(*)::int as n from outbox where published_at is null and refused is null',
  );
  return row?.n ?? -1;
}

describe('an emission', () => {
  it('is published right after the commit and marked', async () => {
    const stream = new TestStream();
    const store = await open(stream, { sweepMs: 60_000 });
    const envelope = await store.transaction((tx) => tx.emit(RunStopRequested, aStop()));
    await eventually('it is stored', () => stream.stored.length === 1);
    expect(stream.stored).toEqual([envelope]);
    await eventually('it is marked', async () => (await waiting(store)) === 0);
  });

  it('goes with its rows when the transaction fails', async () => {
    const stream = new TestStream();
    const store = await open(stream, { sweepMs: 20 });
    const runId = newId();
    const failing = store.transaction(async (tx) => {
      await tx.emit(RunStopRequested, aStop({ runId }));
      throw new Error('the handler failed');
    });
    await expect(failing).rejects.toThrow('the handler failed');
    const next = await store.transaction((tx) => tx.emit(RunStopRequested, aStop({ runId })));
    expect(next.sequence).toBe('0000000001');
    await eventually('the next is stored', () => stream.stored.length === 1);
    expect(stream.stored).toEqual([next]);
  });

  it('fails the transaction when it fails itself, awaited or not', async () => {
    const stream = new TestStream();
    const store = await open(stream);
    const invalid = { ...aStop(), data: { by: 'nobody' } };
    const forgotten = store.transaction(async (tx) => {
      await tx.query('create table never_there ()');
      void tx.emit(RunStopRequested, invalid as never);
    });
    await expect(forgotten).rejects.toThrow();
    expect(await store.query("select to_regclass('never_there') as name")).toEqual([{ name: null }]);
  });

  it('with an id that was said before is not said again and leaves no gap', async () => {
    const stream = new TestStream();
    const store = await open(stream);
    const stop = aStop({ id: derivedId(newId(), RunStopRequested.type) });
    const first = await store.transaction(async (tx) => {
      const [one, same] = await Promise.all([tx.emit(RunStopRequested, stop), tx.emit(RunStopRequested, stop)]);
      expect(same).toBe(one);
      return one;
    });
    const again = await Promise.all(
      Array.from({ length: 4 }, () => store.transaction((tx) => tx.emit(RunStopRequested, stop))),
    );
    expect(again).toEqual([first, first, first, first]);
    const next = await store.transaction((tx) => tx.emit(RunStopRequested, { ...stop, id: newId() }));
    expect(next.sequence).toBe('0000000002');
    await eventually('both are stored', () => stream.stored.length === 2);
    expect(stream.duplicates).toBe(0);
  });

  it('with one id in eight transactions at once is said once', async () => {
    const stream = new TestStream();
    const store = await open(stream);
    const stop = aStop({ id: newId() });
    const said = await Promise.all(
      Array.from({ length: 8 }, () => store.transaction((tx) => tx.emit(RunStopRequested, stop))),
    );
    expect(new Set(said.map(({ sig }) => sig)).size).toBe(1);
    const [row] = await store.query<{ last: string }>('select last from outbox_sequences where key = $1', [stop.runId]);
    expect(row?.last).toBe('1');
  });

  it('keeps text that jsonb refuses', async () => {
    const stream = new TestStream();
    const store = await open(stream);
    const by = { ...aStop().data.by, email: 'nul \u0000' };
    await store.transaction((tx) => tx.emit(RunStopRequested, aStop({ data: { by } })));
    await eventually('it is stored', () => stream.stored.length === 1);
    const [row] = await store.query<{ envelope: unknown }>('select envelope from outbox where id = $1', [
      stream.stored[0]?.id,
    ]);
    expect(row?.envelope).toEqual(stream.stored[0]);
  });

  it('that the bus could never carry fails the transaction', async () => {
    const store = await open(new TestStream());
    const by = { ...aStop().data.by, email: 'x'.repeat(1_000_001) };
    const failing = store.transaction((tx) => tx.emit(RunStopRequested, aStop({ data: { by } })));
    await expect(failing).rejects.toMatchObject({ code: 'EventTooLarge', retryable: false });
  });
});

describe('the sequence of a run', () => {
  it('has no gap under eight writers of whom some fail', async () => {
    const stream = new TestStream();
    const store = await open(stream, { sweepMs: 50 });
    const about = { conversationId: newId(), runId: newId() };
    let failed = 0;
    const write = async (writer: number) => {
      for (let n = 0; n < 25; n += 1) {
        await store
          .transaction(async (tx) => {
            await tx.emit(RunStopRequested, aStop(about));
            if ((writer + n) % 5 === 0) throw new Error('on purpose');
          })
          .catch(() => (failed += 1));
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
    expect(failed).toBe(40);
    await eventually('all are stored', () => stream.stored.length === 160);
    expect(stream.sequences()).toEqual(Array.from({ length: 160 }, (_, n) => n + 1));
  });
});

describe('the outbox', () => {
  it('gives what a killed process committed to the sweeper of another, once and under the same id', async () => {
    const id = newId();
    const dying = startProcess('die-after-commit', { DATABASE_URL: database.urlFor('gateway'), EVENT_ID: id });
    expect(await dying.exited()).toBe('SIGKILL');
    const stream = new TestStream();
    const store = await open(stream, { sweepMs: 50 });
    await eventually('it is stored', () => stream.stored.some((one) => one.id === id));
    await eventually('it is marked', async () => (await waiting(store)) === 0);
    expect(stream.stored.filter((one) => one.id === id)).toHaveLength(1);
    expect(stream.duplicates).toBe(0);
  });

  it('loses nothing while the bus is away, says so once, and goes on when it is back', async () => {
    const stream = new TestStream();
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (message: string) => warnings.push(message), error: () => undefined };
    const store = await open(stream, { sweepMs: 20, logger });
    const about = { conversationId: newId(), runId: newId() };
    stream.failure = Failure.retryable('BusDisconnected', 'no connection');
    for (let n = 0; n < 300; n += 1) await store.transaction((tx) => tx.emit(RunStopRequested, aStop(about)));
    stream.failure = undefined;
    await eventually('all are stored', () => stream.stored.length === 300);
    await eventually('all are marked', async () => (await waiting(store)) === 0);
    expect(stream.sequences()).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
    expect(warnings).toEqual(['events wait in the outbox']);
  });

  it('lets the others pass one that can never be published', async () => {
    const stream = new TestStream();
    const bad = newId();
    const publish: StoreOptions['publish'] = async (envelopes) => {
      if (envelopes.some(({ id }) => id === bad)) throw Failure.terminal('PublishRefused', 'never');
      await stream.publish(envelopes);
    };
    const store = await open(stream, { publish, sweepMs: 20 });
    await store.transaction(async (tx) => {
      await tx.emit(RunStopRequested, aStop());
      await tx.emit(RunStopRequested, aStop({ id: bad }));
      await tx.emit(RunStopRequested, aStop());
    });
    await eventually('the others are stored', () => stream.stored.length === 2);
    await eventually('nothing waits', async () => (await waiting(store)) === 0);
    expect(await store.query('select refused from outbox where id = $1', [bad])).toEqual([{ refused: 'never' }]);
  });

  it('publishes what waits before it closes', async () => {
    const stream = new TestStream();
    const store = await open(stream, { sweepMs: 60_000 });
    const emitting = Promise.all(
      Array.from({ length: 20 }, () => store.transaction((tx) => tx.emit(RunStopRequested, aStop()))),
    );
    await store.close();
    await emitting;
    expect(stream.stored).toHaveLength(20);
    await expect(store.transaction(async () => undefined)).rejects.toMatchObject({ code: 'StoreClosed' });
  });

  it('deletes what was published long enough ago, and nothing that waits', async () => {
    const stream = new TestStream();
    const store = await open(stream, { sweepMs: 60_000, keepPublishedMs: 100 });
    const { id } = await store.transaction((tx) => tx.emit(RunStopRequested, aStop()));
    await eventually(
      'it is gone',
      async () => (await store.query('select from outbox where id = $1', [id])).length === 0,
    );
    expect(stream.stored).toHaveLength(1);
  });
});
