import { describe, expect, it } from '@jest/globals';
import { catalog, services, subjectFilterOf, ToolRequested, type CatalogEntry } from '@skyflo/contracts';
import { inboxPrefixOf, permissionsOf } from './permissions.ts';
import { natsServerConfig } from './server-config.ts';
import { dutiesOf, durableOf, recordDurableOf, topology } from './topology.ts';

const entries: readonly CatalogEntry[] = catalog;
const { streams, consumers } = topology();

describe('the topology', () => {
  it('names a durable after its service and its event', () => {
    expect(durableOf('tool-runner', ToolRequested)).toBe('tool-runner-tool-requested-v1');
    expect(recordDurableOf('RUNS')).toBe('persistence-runs');
  });

  it('has one durable per listener of the catalog and one per stream for the record', () => {
    const listeners = entries.flatMap(({ event, to }) => to.map((service) => durableOf(service, event)));
    expect(consumers.map(({ durable }) => durable)).toEqual([
      ...listeners,
      'persistence-runs',
      'persistence-org',
      'persistence-dead',
    ]);
  });

  it('records every event and no delta', () => {
    const heard = consumers
      .filter(({ acknowledge }) => acknowledge === 'all')
      .flatMap(({ filterSubjects }) => filterSubjects);
    expect(heard).toHaveLength(entries.filter(({ event }) => event.kind === 'event').length);
    expect(heard.join(' ')).not.toContain('model.delta');
  });

  it('keeps ids for shorter than events, and republishes conversations only', () => {
    for (const stream of streams) expect(stream.duplicateWindowMs).toBeLessThan(stream.maxAgeMs);
    expect(streams.map(({ republish }) => republish?.to)).toEqual(['live.run.>', undefined, undefined]);
  });

  it('gives every service duties that its durables and permissions cover', () => {
    for (const service of services) {
      const own = consumers.filter((consumer) => consumer.service === service).map(({ durable }) => durable);
      const { events, questions } = dutiesOf(service);
      for (const { event } of events) expect(own).toContain(durableOf(service, event));
      const { subscribe } = permissionsOf(service);
      for (const { question } of questions) expect(subscribe.allow.join(' ')).toContain(question.name);
    }
  });
});

describe('permissions', () => {
  it('of the gate are these and no others', () => {
    expect(permissionsOf('gate')).toEqual({
      publish: {
        allow: [
          ...entries.filter(({ from }) => from.includes('gate')).map(subjectFilterOf),
          ...consumers
            .filter(({ service }) => service === 'gate')
            .flatMap(({ durable, stream }) => [
              `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
              `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
              `$JS.ACK.${stream}.${durable}.>`,
            ]),
          'ask.gateway.find-people.v1',
          'ask.tool-runner.find-tools.v1',
          '_INBOX_gateway.>',
        ],
      },
      subscribe: {
        allow: ['_INBOX_gate.>', 'ask.gate.decide-approval.v1 gate', 'ask.gate.find-approvals.v1 gate'],
      },
    });
  });

  it('name no wildcard that reaches beyond a service’s own', () => {
    for (const service of services)
      for (const subject of permissionsOf(service).publish.allow)
        expect(subject).toMatch(
          /^(run\.\*\.\*\.[a-z]|org\.[a-z]|dead\.letter\.[a-z]|\$JS\.|ask\.[a-z-]+\.[a-z-]+\.v\d|_INBOX_[a-z-]+\.>$)/,
        );
  });

  it('keep the inboxes of services apart, also where one name begins with another', () => {
    expect(inboxPrefixOf('gate')).toBe('_INBOX_gate');
    expect(`${inboxPrefixOf('gateway')}.x`.startsWith(`${inboxPrefixOf('gate')}.`)).toBe(false);
  });

  it('fill the server’s configuration: an admin, the services, no monitoring and no password', () => {
    const users = Object.fromEntries(services.map((service) => [service, `U${service}`])) as Record<
      (typeof services)[number],
      string
    >;
    const options = { host: '127.0.0.1', port: 4222, storeDir: '/data', users, admin: 'UADMIN', pidFile: '/nats.pid' };
    const config = JSON.parse(natsServerConfig(options)) as Record<string, unknown>;
    expect(Object.keys(config)).toEqual(['server_name', 'host', 'port', 'pid_file', 'jetstream', 'authorization']);
    const authorization = config['authorization'] as { users: { nkey: string }[] };
    expect(authorization.users.map(({ nkey }) => nkey)).toEqual(['UADMIN', ...Object.values(users)]);
  });
});
