import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ModelDelta, RunStopRequested, type Envelope } from '@skyflo/contracts';
import type { Bus, Cursor, Followed } from '@skyflo/bus';
import { startTestNats, type TestNats } from '@skyflo/testkit';
import { aConversation, aDelta, aLogger, aStop, makeAnew, rawClient, sealed, until } from './samples.ts';

type Seen = Extract<Followed, { kind: 'event' }>;

describe('following a conversation', () => {
  let nats: TestNats;
  let gateway: Bus;
  let planner: Bus;
  const logger = aLogger();
  let viewing = new AbortController();

  beforeAll(async () => {
    nats = await startTestNats();
    gateway = await nats.connect('gateway', { logger });
    planner = await nats.connect('planner');
  }, 30_000);
  afterEach(() => {
    viewing.abort();
    viewing = new AbortController();
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), planner.close()]);
    await nats.stop();
  });

  const stopsOf = (about: ReturnType<typeof aConversation>, count: number): Envelope[] =>
    Array.from({ length: count }, () => sealed(nats, 'gateway', { event: RunStopRequested, data: aStop(), ...about }));
  const watching = (conversationId: string, after?: Cursor) => {
    const seen: Followed[] = [];
    const ended = (async () => {
      for await (const one of gateway.follow(conversationId, { after, signal: viewing.signal })) seen.push(one);
    })();
    const events = () => seen.filter((one): one is Seen => one.kind === 'event');
    return { seen, ended, events, ids: () => events().map(({ event }) => event.id) };
  };
  const isInOrder = (events: readonly Seen[]) =>
    events.every(({ sequence }, at) => at === 0 || sequence > (events[at - 1]?.sequence ?? 0));

  it('shows what there was and then what comes', async () => {
    const about = aConversation();
    const events = stopsOf(about, 6);
    await gateway.publish(events.slice(0, 3));
    const { ids } = watching(about.conversationId);
    await until(() => ids().length === 3);
    await gateway.publish(events.slice(3));
    await until(() => ids().length === 6);
    expect(ids().toSorted()).toEqual(events.map(({ id }) => id).toSorted());
  });

  it('shows deltas, and nothing of other conversations', async () => {
    const [about, other] = [aConversation(), aConversation()];
    const { events } = watching(about.conversationId);
    planner.delta(ModelDelta, { ...other, data: aDelta(0) });
    planner.delta(ModelDelta, { ...about, data: aDelta(7) });
    await until(() => events().length > 0);
    expect(events().map(({ event }) => event)).toEqual([
      expect.objectContaining({ type: 'model.delta.v1', conversationid: about.conversationId, data: aDelta(7) }),
    ]);
  });

  it('gives deltas a time to live, so that the stream does not keep what is repeated whole', async () => {
    const about = aConversation();
    const { events } = watching(about.conversationId);
    planner.delta(ModelDelta, { ...about, data: aDelta(0) });
    await until(() => events().length > 0);
    const admin = await rawClient(nats, 'admin');
    const stored = await admin.request('$JS.API.DIRECT.GET.RUNS', JSON.stringify({ seq: events()[0]?.sequence }));
    expect(stored.headers?.get('Nats-TTL')).toBe('900s');
    await admin.close();
  });

  it('has no gap and no duplicate for those who join while events are published', async () => {
    const about = aConversation();
    const events = stopsOf(about, 600);
    const views: ReturnType<typeof watching>[] = [];
    for (let at = 0; at < events.length; at += 20) {
      await gateway.publish(events.slice(at, at + 20));
      if (at % 40 === 0) views.push(watching(about.conversationId));
    }
    await until(() => views.every(({ ids }) => ids().length >= events.length));
    for (const view of views) {
      expect(new Set(view.ids()).size).toBe(600);
      expect(view.ids()).toHaveLength(600);
      expect(isInOrder(view.events())).toBe(true);
    }
  }, 30_000);

  it('goes on after a cursor', async () => {
    const about = aConversation();
    const events = stopsOf(about, 10);
    for (const event of events) await gateway.publish([event]);
    const first = watching(about.conversationId);
    await until(() => first.ids().length === 10);
    const cursor = first.events()[3];
    const second = watching(about.conversationId, cursor);
    await until(() => second.ids().length === 6);
    expect(second.ids()).toEqual(events.slice(4).map(({ id }) => id));
  });

  it('catches up with a viewer that is slower than the events', async () => {
    const about = aConversation();
    const seen: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const events = stopsOf(about, 2_500);
    await gateway.publish(events.slice(0, 1));
    const ended = (async () => {
      for await (const one of gateway.follow(about.conversationId, { signal: viewing.signal })) {
        if (one.kind === 'event') seen.push(one.event.id);
        await released;
      }
    })();
    await until(() => seen.length === 1);
    await gateway.publish(events.slice(1));
    release();
    await until(() => seen.length >= events.length, 10_000);
    viewing.abort();
    await ended;
    expect(new Set(seen).size).toBe(2_500);
    expect(seen).toHaveLength(2_500);
  }, 20_000);

  it('has no gap and no duplicate across a restart of the server', async () => {
    const about = aConversation();
    const events = stopsOf(about, 300);
    const { ids, events: shown } = watching(about.conversationId);
    for (let at = 0; at < events.length; at += 10) {
      if (at === 100) void nats.restart();
      await gateway.publish(events.slice(at, at + 10));
    }
    await until(() => ids().length >= events.length, 10_000);
    expect(ids()).toHaveLength(300);
    expect(new Set(ids()).size).toBe(300);
    expect(isInOrder(shown())).toBe(true);
  }, 30_000);

  it('does not show what was not signed by who is said to have said it', async () => {
    const about = aConversation();
    const { ids } = watching(about.conversationId);
    const [event] = stopsOf(about, 1);
    const admin = await rawClient(nats, 'admin');
    const forged = { ...event, data: aStop() };
    admin.publish(String(event?.subject), JSON.stringify(forged));
    await admin.flush();
    await admin.close();
    const last = stopsOf(about, 1);
    await gateway.publish(last);
    await until(() => ids().length > 0);
    expect(ids()).toEqual(last.map(({ id }) => id));
    expect(logger.said.some(({ pairs }) => pairs['code'] === 'SignatureInvalid')).toBe(true);
  });

  it('ends at an abort', async () => {
    const { ended, ids } = watching(aConversation().conversationId);
    viewing.abort();
    await ended;
    expect(ids()).toEqual([]);
  });

  it('asks for a reset when the cursor is of a time before the stream was made anew', async () => {
    const about = aConversation();
    await gateway.publish(stopsOf(about, 2));
    const running = watching(about.conversationId);
    await until(() => running.ids().length === 2);
    const cursor = running.events()[1];
    await makeAnew(nats, 'RUNS');
    const { seen, ended } = watching(about.conversationId, cursor);
    await ended;
    expect(seen).toEqual([{ kind: 'reset' }]);
  });

  it('asks for a reset when the stream is made anew while somebody watches', async () => {
    const about = aConversation();
    await gateway.publish(stopsOf(about, 3));
    const running = watching(about.conversationId);
    await until(() => running.ids().length === 3);
    await makeAnew(nats, 'RUNS');
    await gateway.publish(stopsOf(about, 2));
    await running.ended;
    expect(running.events()).toHaveLength(3);
    expect(running.seen.at(-1)).toEqual({ kind: 'reset' });
  }, 20_000);

  it('asks for a reset when the stream may have dropped what came after the cursor', async () => {
    const about = aConversation();
    const events = stopsOf(about, 6);
    for (const event of events) await gateway.publish([event]);
    const first = watching(about.conversationId);
    await until(() => first.ids().length === 6);
    const [cursor, , , keep] = first.events();
    const admin = await rawClient(nats, 'admin');
    await admin.request('$JS.API.STREAM.PURGE.RUNS', JSON.stringify({ seq: keep?.sequence }));
    const { seen, ended } = watching(about.conversationId, cursor);
    await ended;
    expect(seen).toEqual([{ kind: 'reset' }]);
    const later = watching(about.conversationId, first.events()[2]);
    await until(() => later.ids().length === 3);
    await admin.close();
  });
});
