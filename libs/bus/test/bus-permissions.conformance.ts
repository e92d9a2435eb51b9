import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/nats-core';
import { services, type ServiceName } from '@skyflo/contracts';
import { generateNatsUser, topology } from '@skyflo/bus';
import { startTestNats, type TestNats } from '@skyflo/testkit';
import { rawClient } from './samples.ts';

const id = '01936d7a-0000-7000-8000-000000000000';

describe('the permissions of a service', () => {
  let nats: TestNats;
  const clients = new Map<ServiceName, NatsConnection>();
  const refused = new Map<ServiceName, string[]>();

  beforeAll(async () => {
    nats = await startTestNats();
    for (const service of services) {
      const client = await rawClient(nats, service);
      const errors: string[] = [];
      refused.set(service, errors);
      clients.set(service, client);
      void (async () => {
        for await (const status of client.status()) if (status.type === 'error') errors.push(status.error.message);
      })();
    }
  }, 30_000);
  afterAll(async () => {
    await Promise.all([...clients.values()].map((client) => client.close()));
    await nats.stop();
  });

  /** What the server refused of what `act` did. */
  const refusedOf = async (service: ServiceName, act: (client: NatsConnection) => void): Promise<string[]> => {
    const client = clients.get(service);
    const errors = refused.get(service);
    if (!client || !errors) throw new Error(`no client of ${service}`);
    errors.length = 0;
    act(client);
    await client.flush();
    await client.flush();
    return [...errors];
  };
  const mayPublish = async (service: ServiceName, subject: string) =>
    (await refusedOf(service, (client) => client.publish(subject, '{}'))).length === 0;
  const mayHear = async (service: ServiceName, subject: string, queue?: string) => {
    const errors = await refusedOf(service, (client) => {
      const subscription = client.subscribe(subject, {
        ...(queue === undefined ? {} : { queue }),
        callback: () => undefined,
      });
      setTimeout(() => subscription.unsubscribe(), 200).unref();
    });
    return errors.length === 0;
  };

  it('let it say its own events and nobody else’s', async () => {
    expect(await mayPublish('gate', `run.${id}.${id}.gate.passed.v1`)).toBe(true);
    for (const service of services.filter((name) => name !== 'gate'))
      expect([service, await mayPublish(service, `run.${id}.${id}.gate.passed.v1`)]).toEqual([service, false]);
    expect(await mayPublish('gate', `run.${id}.${id}.tool.finished.v1`)).toBe(false);
    expect(await mayPublish('persistence', `run.${id}.${id}.run.started.v1`)).toBe(false);
    expect(await mayPublish('planner', 'org.person.created.v1')).toBe(false);
    expect(await mayPublish('planner', `live.run.${id}.${id}.model.delta.v1`)).toBe(false);
  });

  it('let it take and acknowledge through its own durables only', async () => {
    for (const { service, stream, durable } of topology().consumers)
      for (const other of services) {
        const subjects = [`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, `$JS.ACK.${stream}.${durable}.1.1.1.1.0`];
        for (const subject of subjects)
          expect([other, subject, await mayPublish(other, subject)]).toEqual([other, subject, other === service]);
      }
  }, 20_000);

  it('let nobody but the recorder reset a durable', async () => {
    expect(await mayPublish('persistence', '$JS.API.CONSUMER.RESET.RUNS.persistence-runs')).toBe(true);
    expect(await mayPublish('gate', '$JS.API.CONSUMER.RESET.RUNS.gate-tool-requested-v1')).toBe(false);
  });

  it('let nobody make, change or empty streams and durables', async () => {
    const subjects = [
      '$JS.API.STREAM.CREATE.X',
      '$JS.API.STREAM.UPDATE.RUNS',
      '$JS.API.STREAM.PURGE.RUNS',
      '$JS.API.STREAM.DELETE.RUNS',
      '$JS.API.STREAM.MSG.DELETE.RUNS',
      '$JS.API.CONSUMER.CREATE.RUNS.x',
      '$JS.API.CONSUMER.DELETE.RUNS.gate-tool-requested-v1',
      '$JS.API.INFO',
    ];
    for (const service of services)
      for (const subject of subjects)
        expect([service, subject, await mayPublish(service, subject)]).toEqual([service, subject, false]);
  }, 20_000);

  it('let nobody listen to the streams, and only the gateway look at conversations live', async () => {
    for (const service of services) {
      for (const subject of ['run.>', 'org.>', '>', `run.${id}.>`, '$JS.>'])
        expect([service, subject, await mayHear(service, subject)]).toEqual([service, subject, false]);
      const isGateway = service === 'gateway';
      expect([service, await mayHear(service, `live.run.${id}.>`)]).toEqual([service, isGateway]);
      expect([service, await mayPublish(service, '$JS.API.DIRECT.GET.RUNS')]).toEqual([service, isGateway]);
    }
  });

  it('let it hear its own inbox only, and write only into those of its askers', async () => {
    expect(await mayHear('gate', '_INBOX_gate.x')).toBe(true);
    expect(await mayHear('gate', '_INBOX_planner.>')).toBe(false);
    expect(await mayHear('gate', '_INBOX.>')).toBe(false);
    expect(await mayPublish('tool-runner', '_INBOX_planner.x')).toBe(true);
    expect(await mayPublish('persistence', '_INBOX_planner.x')).toBe(false);
  });

  it('let it ask what it may ask, and answer what it has to answer, as a member of the queue', async () => {
    expect(await mayPublish('gateway', 'ask.gate.decide-approval.v1')).toBe(true);
    expect(await mayPublish('planner', 'ask.gate.decide-approval.v1')).toBe(false);
    expect(await mayHear('gate', 'ask.gate.decide-approval.v1', 'gate')).toBe(true);
    expect(await mayHear('gate', 'ask.gate.decide-approval.v1')).toBe(false);
    expect(await mayHear('gate', 'ask.>')).toBe(false);
    expect(await mayHear('planner', 'ask.gate.decide-approval.v1', 'gate')).toBe(false);
  });

  it('are those of a user the server knows', async () => {
    for (const seed of [generateNatsUser().seed, 'SUAMISTYPED'])
      await expect(nats.connect('gate', { seed })).rejects.toMatchObject({ code: 'BusRefused', retryable: false });
  });

  it('are given also to a process that was so slow to prove who it is that the server first hung up', async () => {
    let connections = 0;
    const sockets: Socket[] = [];
    const slow = createServer((near) => {
      const far = connect(Number(new URL(nats.url).port), '127.0.0.1');
      sockets.push(near, far);
      for (const socket of [near, far]) socket.on('error', () => undefined);
      far.pipe(near);
      // The server waits two seconds for the proof.
      if ((connections += 1) > 1) near.pipe(far);
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const bus = await nats.connect('gate', { servers: `nats://127.0.0.1:${(slow.address() as AddressInfo).port}` });
    expect(connections).toBe(2);
    await bus.close();
    for (const socket of sockets) socket.destroy();
    slow.close();
  });

  it('are enough to see that the topology is there, and what of it is missing', async () => {
    for (const service of services) {
      const bus = await nats.connect(service);
      expect([service, await bus.missingTopology()]).toEqual([service, []]);
      await bus.close();
    }
    const admin = await rawClient(nats, 'admin');
    await admin.request('$JS.API.CONSUMER.DELETE.RUNS.gate-tool-planned-v1');
    await admin.close();
    const gate = await nats.connect('gate');
    expect(await gate.missingTopology()).toEqual([
      'the durable gate-tool-planned-v1 of the stream RUNS does not exist: apply the topology',
    ]);
    await gate.close();
  });
});
