import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ModelDelta, PersonCreated, RunStopRequested } from '@skyflo/contracts';
import type { Bus, RecordedEvent } from '@skyflo/bus';
import { startTestNats, type TestNats } from '@skyflo/testkit';
import {
  aConversation,
  aDelta,
  aLogger,
  aPerson,
  aSealedStop,
  makeAnew,
  openAt,
  rawClient,
  sealed,
  until,
} from './samples.ts';

describe('recording a stream', () => {
  let nats: TestNats;
  let gateway: Bus;
  let persistence: Bus;
  const logger = aLogger();

  beforeAll(async () => {
    nats = await startTestNats({ ackWaitMs: 1_000 });
    gateway = await nats.connect('gateway');
  }, 30_000);
  afterAll(async () => {
    await gateway.close();
    await nats.stop();
  });
  const connected = async () => (persistence = await nats.connect('persistence', { logger }));
  afterEach(() => persistence.close({ graceMs: 0 }));

  const stops = (count: number) => Array.from({ length: count }, () => aSealedStop(nats));
  const ids = (batches: readonly (readonly RecordedEvent[])[]) => batches.flat().map(({ event }) => event.id);
  const isIncreasing = (events: readonly RecordedEvent[]) =>
    events.every(({ streamSequence }, at) => at === 0 || streamSequence > (events[at - 1]?.streamSequence ?? 0));

  it('gives every event once, in the order of the stream, deltas left out', async () => {
    const planner = await nats.connect('planner');
    const about = aConversation();
    const events = stops(500);
    const batches: RecordedEvent[][] = [];
    (await connected()).consumeStream('RUNS', async (batch) => void batches.push([...batch]), { batch: 64 });
    for (let at = 0; at < events.length; at += 50) {
      planner.delta(ModelDelta, { ...about, data: aDelta(at) });
      await gateway.publish(events.slice(at, at + 50));
    }
    await until(() => batches.flat().length >= events.length);
    await planner.close();
    expect(ids(batches).toSorted()).toEqual(events.map(({ id }) => id).toSorted());
    expect(isIncreasing(batches.flat())).toBe(true);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(64);
    await until(async () => (await openAt(nats, 'RUNS', 'persistence-runs')) === 0);
  });

  it('gives the whole batch again, in order, when the handler throws', async () => {
    const events = stops(20);
    const committed: RecordedEvent[] = [];
    let throwing = 2;
    (await connected()).consumeStream(
      'RUNS',
      async (batch) => {
        if (committed.length > 5 && throwing-- > 0) throw new Error('the database is away');
        committed.push(...batch);
      },
      { batch: 4 },
    );
    await gateway.publish(events);
    await until(() => committed.length >= events.length);
    expect(committed.map(({ event }) => event.id).toSorted()).toEqual(events.map(({ id }) => id).toSorted());
    expect(isIncreasing(committed)).toBe(true);
  });

  it('begins after what was committed when its process died in the middle of a batch', async () => {
    const events = stops(30);
    const first: RecordedEvent[] = [];
    let batches = 0;
    (await connected()).consumeStream(
      'RUNS',
      async (batch) => {
        batches += 1;
        if (batches > 2) return new Promise(() => undefined);
        first.push(...batch);
      },
      { batch: 5 },
    );
    await gateway.publish(events);
    await until(() => batches > 2);
    await persistence.close({ graceMs: 0 });
    const second: RecordedEvent[] = [];
    (await connected()).consumeStream('RUNS', async (batch) => void second.push(...batch));
    // New events arrive while the first reader's are still neither acknowledged nor due again.
    await gateway.publish(stops(5));
    await until(() => second.length >= 35 - first.length);
    expect(isIncreasing([...first, ...second])).toBe(true);
    expect(first.length + second.length).toBe(35);
  });

  it('goes on without a gap after the server was away', async () => {
    const recorded: RecordedEvent[] = [];
    (await connected()).consumeStream('RUNS', async (batch) => void recorded.push(...batch), { batch: 7 });
    const events = stops(60);
    await gateway.publish(events.slice(0, 30));
    await nats.restart();
    await gateway.publish(events.slice(30));
    const seen = () => new Set(recorded.map(({ event }) => event.id));
    await until(() => events.every(({ id }) => seen().has(id)), 10_000);
  }, 15_000);

  it('reads a stream that was made anew from its beginning', async () => {
    const recorded: RecordedEvent[] = [];
    (await connected()).consumeStream('RUNS', async (batch) => void recorded.push(...batch), { batch: 7 });
    const seen = () => new Set(recorded.map(({ event }) => event.id));
    const [before, after] = [stops(20), stops(20)];
    await gateway.publish(before);
    await until(() => before.every(({ id }) => seen().has(id)));
    await makeAnew(nats, 'RUNS');
    await gateway.publish(after);
    await until(() => after.every(({ id }) => seen().has(id)), 30_000);
    const anew = recorded.filter(({ event }) => after.some(({ id }) => id === event.id));
    expect(anew.map(({ streamSequence }) => streamSequence)).toEqual(after.map((_event, at) => at + 1));
  }, 45_000);

  it('keeps a slow batch from being delivered again', async () => {
    const recorded: RecordedEvent[] = [];
    (await connected()).consumeStream('RUNS', async (batch) => {
      recorded.push(...batch);
      await new Promise((end) => setTimeout(end, 2_500));
    });
    await gateway.publish(stops(3));
    await until(async () => recorded.length >= 3 && (await openAt(nats, 'RUNS', 'persistence-runs')) === 0, 12_000);
    expect(recorded).toHaveLength(3);
  }, 15_000);

  it('leaves out what cannot be believed, names it in the log and goes on', async () => {
    const admin = await rawClient(nats, 'admin');
    const forged = { ...aSealedStop(nats), sig: 'AAAA' };
    admin.publish(forged.subject, JSON.stringify(forged));
    await admin.flush();
    await admin.close();
    const [event] = stops(1);
    const recorded: RecordedEvent[] = [];
    (await connected()).consumeStream('RUNS', async (batch) => void recorded.push(...batch));
    if (event) await gateway.publish([event]);
    await until(() => recorded.length > 0);
    expect(recorded.map((one) => one.event)).toEqual([event]);
    expect(logger.said.find(({ message }) => message === 'event refused')?.pairs).toMatchObject({
      code: 'SignatureInvalid',
      subject: forged.subject,
    });
  });

  it('reads the other stream too', async () => {
    const recorded: RecordedEvent[] = [];
    (await connected()).consumeStream('ORG', async (batch) => void recorded.push(...batch));
    const person = { ...aPerson(), roles: ['admin' as const] };
    await gateway.publish([sealed(nats, 'gateway', { event: PersonCreated, data: { person } })]);
    await until(() => recorded.length === 1);
    expect(recorded[0]?.event.subject).toBe('org.person.created.v1');
  });

  it('refuses a service that asks for an event it does not listen to', async () => {
    const bus = await connected();
    expect(() => bus.consume(RunStopRequested, async () => undefined)).toThrow('does not have persistence listen');
  });
});
