import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Failure, RunStarted, RunStopRequested, type Envelope } from '@skyflo/contracts';
import { loadKeyRing, type Bus } from '@skyflo/bus';
import { startTestNats, type TestNats } from '@skyflo/testkit';
import {
  aConversation,
  aLogger,
  aSealedStop,
  aStop,
  collecting,
  makeAnew,
  openAt,
  rawClient,
  sealed,
  until,
} from './samples.ts';

const durable = 'gate-run-stop-requested-v1';

describe('events over the bus', () => {
  let nats: TestNats;
  let gateway: Bus;
  let open: { close(options?: { graceMs: number }): Promise<void> }[] = [];
  const as = async (service: 'gate' | 'gateway' | 'planner', options = {}) => {
    const bus = await nats.connect(service, options);
    open.push(bus);
    return bus;
  };

  beforeAll(async () => {
    nats = await startTestNats({ ackWaitMs: 1_500 });
    gateway = await nats.connect('gateway');
  }, 30_000);
  afterEach(async () => {
    await Promise.all(open.map((bus) => bus.close({ graceMs: 0 })));
    open = [];
  });
  afterAll(async () => {
    await gateway.close();
    await nats.stop();
  });

  it('stores an event once, however often it is published', async () => {
    const event = aSealedStop(nats);
    const before = (await gateway.streamState('RUNS')).lastSequence;
    await gateway.publish([event, event]);
    await gateway.publish([event]);
    expect((await gateway.streamState('RUNS')).lastSequence).toBe(before + 1);
  });

  it('hands an event to every service that listens and acknowledges it after the handler', async () => {
    const event = aSealedStop(nats);
    let finish: () => void = () => undefined;
    const handled = new Promise<void>((resolve) => (finish = resolve));
    const gate = collecting(await as('gate'), RunStopRequested, () => handled);
    const planner = collecting(await as('planner'), RunStopRequested);
    await gateway.publish([event]);
    await until(() => [gate, planner].every(({ got }) => got.some(({ id }) => id === event.id)));
    expect(await openAt(nats, 'RUNS', durable)).toBeGreaterThan(0);
    finish();
    await until(async () => (await openAt(nats, 'RUNS', durable)) === 0);
  });

  it('gives the handler the parsed data and the envelope as it was signed', async () => {
    const event = aSealedStop(nats);
    const seen: unknown[] = [];
    (await as('gate')).consume(RunStopRequested, async ({ data, source, runid }, { envelope, streamSequence }) => {
      if (envelope.id === event.id) seen.push({ data, source, runid, envelope, sequenced: streamSequence > 0 });
    });
    await gateway.publish([event]);
    await until(() => seen.length > 0);
    expect(seen).toEqual([
      { data: event.data, source: 'gateway', runid: event.runid, envelope: event, sequenced: true },
    ]);
  });

  it('delivers again what a consumer that died had in hand', async () => {
    const event = aSealedStop(nats);
    const first = await as('gate');
    const dying = collecting(first, RunStopRequested, () => new Promise(() => undefined));
    await gateway.publish([event]);
    await until(() => dying.got.some(({ id }) => id === event.id));
    await first.close({ graceMs: 0 });
    const { got } = collecting(await as('gate'), RunStopRequested);
    await until(() => got.some(({ id }) => id === event.id));
    expect(got.find(({ id }) => id === event.id)?.deliveryCount).toBe(2);
  });

  it('keeps an event whose handler takes longer than the ack wait', async () => {
    const event = aSealedStop(nats);
    const { got } = collecting(await as('gate'), RunStopRequested, () => new Promise((end) => setTimeout(end, 3_500)));
    await gateway.publish([event]);
    await until(async () => got.length > 0 && (await openAt(nats, 'RUNS', durable)) === 0, 8_000);
    expect(got.filter(({ id }) => id === event.id)).toHaveLength(1);
  }, 10_000);

  it('tries again after a retryable failure, as late as it says', async () => {
    const event = aSealedStop(nats);
    const at: number[] = [];
    const { got } = collecting(await as('gate'), RunStopRequested, async () => {
      at.push(Date.now());
      if (at.length === 1) throw Failure.retryable('NotYet', 'the row is not there yet', { afterMs: 300 });
    });
    await gateway.publish([event]);
    await until(() => got.length === 2);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(290);
    await until(async () => (await openAt(nats, 'RUNS', durable)) === 0);
  });

  it('ends an event at a terminal failure and names it in the log', async () => {
    const event = aSealedStop(nats);
    const logger = aLogger();
    const { got } = collecting(await as('gate', { logger }), RunStopRequested, async () => {
      throw Failure.terminal('Nonsense', 'this can never be done');
    });
    await gateway.publish([event]);
    await until(async () => got.length > 0 && (await openAt(nats, 'RUNS', durable)) === 0);
    expect(got).toHaveLength(1);
    expect(logger.said.find(({ message }) => message === 'event refused')?.pairs).toMatchObject({
      eventId: event.id,
      eventType: 'run.stop-requested.v1',
      source: 'gateway',
      code: 'Nonsense',
    });
  });

  it('gives up on an unknown error at the limit, with its record', async () => {
    const event = aSealedStop(nats);
    const logger = aLogger();
    let tries = 0;
    (await as('gate', { logger })).consume(
      RunStopRequested,
      async () => {
        tries += 1;
        throw new Error('cannot read properties of undefined');
      },
      { maxDeliveries: 2 },
    );
    await gateway.publish([event]);
    await until(() => logger.said.some(({ message }) => message === 'event given up'));
    expect(logger.said.at(-1)?.pairs).toMatchObject({ eventId: event.id, deliveryCount: 2, code: 'UnexpectedError' });
    expect(tries).toBe(2);
    await until(async () => (await openAt(nats, 'RUNS', durable)) === 0);
  });

  describe('refuses', () => {
    const refusedAs = async (code: string, store: () => Promise<void>) => {
      const logger = aLogger();
      const { got } = collecting(await as('gate', { logger }), RunStopRequested);
      await store();
      await until(() => logger.said.some(({ pairs }) => pairs['code'] === code));
      await until(async () => (await openAt(nats, 'RUNS', durable)) === 0);
      expect(got).toEqual([]);
    };
    const storeRaw = async (event: Envelope, subject = event.subject) => {
      const admin = await rawClient(nats, 'admin');
      admin.publish(subject, JSON.stringify(event));
      await admin.flush();
      await admin.close();
    };

    it('a forged signature', () =>
      refusedAs('SignatureInvalid', () => storeRaw({ ...aSealedStop(nats), data: aStop() })));

    it('a signature with another service’s key', () =>
      refusedAs('KeyUnknown', () => {
        const { kid = '', sig = '' } = sealed(nats, 'planner', {
          event: RunStarted,
          data: { model: 'm' },
          ...aConversation(),
        });
        return storeRaw({ ...aSealedStop(nats), kid, sig });
      }));

    it('an emitter the catalog does not allow', () =>
      refusedAs('EmitterNotAllowed', () => storeRaw({ ...aSealedStop(nats), source: 'persistence' })));

    it('an event under the subject of another run', () => {
      const event = aSealedStop(nats);
      const { conversationId, runId } = aConversation();
      return refusedAs('SubjectMismatch', () =>
        storeRaw(event, `run.${conversationId}.${runId}.run.stop-requested.v1`),
      );
    });

    it('an event of another type under this one’s subject', () => {
      const about = aConversation();
      const other = sealed(nats, 'planner', { event: RunStarted, data: { model: 'm' }, ...about });
      const subject = `run.${about.conversationId}.${about.runId}.run.stop-requested.v1`;
      return refusedAs('SubjectMismatch', () => storeRaw({ ...other, subject }, subject));
    });

    it('an event that is older than the stream keeps', () =>
      refusedAs('EventTooOld', () => storeRaw(aSealedStop(nats, { at: new Date(Date.now() - 31 * 86_400_000) }))));

    it('what a reply subject puts where its sender may not publish', () => {
      const { conversationId, runId } = aConversation();
      return refusedAs('EnvelopeMalformed', async () => {
        // The server publishes its acknowledgement wherever the request says, with rights of its own.
        const planner = await rawClient(nats, 'planner');
        planner.publish(`run.${conversationId}.${runId}.run.started.v1`, '{}', {
          reply: `run.${conversationId}.${runId}.run.stop-requested.v1`,
        });
        await planner.flush();
        await planner.close();
      });
    });

    it('an event signed with a retired key', async () => {
      const retired = nats.publicKeysJson.replace('"service":"gateway"', '"service":"gateway","retired":true');
      const logger = aLogger();
      const { got } = collecting(await as('gate', { logger, keyRing: loadKeyRing(retired) }), RunStopRequested);
      await gateway.publish([aSealedStop(nats)]);
      await until(() => logger.said.some(({ pairs }) => pairs['code'] === 'KeyRetired'));
      expect(got).toEqual([]);
    });
  });

  it('waits with a publish for the server and then stores it', async () => {
    const event = aSealedStop(nats);
    await nats.kill();
    await until(() => !gateway.connected);
    const published = gateway.publish([event]);
    await nats.restart();
    await published;
    const { got } = collecting(await as('gate'), RunStopRequested);
    await until(() => got.some(({ id }) => id === event.id));
  }, 15_000);

  it('goes on consuming after the server was away', async () => {
    const { got } = collecting(await as('gate'), RunStopRequested);
    await nats.restart();
    const event = aSealedStop(nats);
    await gateway.publish([event]);
    await until(() => got.some(({ id }) => id === event.id));
  }, 15_000);

  it('goes on consuming and publishing when the stream is made anew', async () => {
    const { got } = collecting(await as('gate'), RunStopRequested);
    const before = aSealedStop(nats);
    await gateway.publish([before]);
    await until(() => got.some(({ id }) => id === before.id));
    await makeAnew(nats, 'RUNS');
    // An event that was stored in the lost stream and is published again is no duplicate in the new one.
    const after = aSealedStop(nats);
    await gateway.publish([before, after]);
    await until(() => got.filter(({ id }) => id === before.id).length === 2);
    await until(() => got.some(({ id }) => id === after.id));
  }, 45_000);

  it('throws a retryable failure when the server stays away', async () => {
    const impatient = await as('gateway', { publishWaitMs: 200 });
    await nats.kill();
    await until(() => !impatient.connected);
    await expect(impatient.publish([aSealedStop(nats)])).rejects.toMatchObject({
      code: 'BusDisconnected',
      retryable: true,
    });
    await nats.restart();
    await until(() => impatient.connected && gateway.connected);
  }, 15_000);
});
