import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessAsker } from '../src/access-review.ts';
import { accessOf, loadKubeconfig, openReadClient, type ResourceType, type Watched } from '../src/index.ts';
import { ReadClient } from '../src/read-client.ts';
import { Transport } from '../src/transport.ts';
import { openTestClients } from './clients.ts';

type Clients = Awaited<ReturnType<typeof openTestClients>>;
let clients: Clients;
let line: Awaited<ReturnType<typeof aBreakableLine>>;
let read: ReadClient;
beforeAll(async () => {
  clients = await openTestClients();
  const access = await accessOf(
    await loadKubeconfig(process.env['SKYFLO_TEST_RUNNER_KUBECONFIG'] ?? ''),
    'runner-read',
  );
  line = await aBreakableLine(access.server);
  read = openReadClient({ ...access, server: line.server });
});
afterAll(async () => {
  await read.close();
  await line.close();
  await clients.close();
});

describe('a watch on a real API server', () => {
  it('tells what is there, each change, and what goes', async () => {
    const { namespace } = clients;
    await create('first');
    const seen = await watching('cm', { namespace, labelSelector: 'watched' });
    await seen.until('synced');
    await patch('first', { data: { key: '1' } });
    await create('second');
    await remove('first');
    await seen.until('gone first');
    expect(seen.told()).toEqual(['there first', 'synced', 'there first', 'there second', 'gone first']);
    await seen.stop();
  });

  it('misses nothing that happens while its connection is cut', async () => {
    const { namespace } = clients;
    const seen = await watching('secret', { namespace, labelSelector: 'watched' });
    await seen.until('synced');
    line.refuse();
    await create('made', 'secrets');
    await create('unmade', 'secrets');
    await remove('unmade', 'secrets');
    await seen.until('disconnected');
    line.accept();
    await seen.until('gone unmade');
    expect(seen.told().filter((one) => !one.endsWith('connected'))).toEqual([
      'synced',
      'there made',
      'there unmade',
      'gone unmade',
    ]);
    await seen.stop();
  });

  it('lists again where the server has forgotten its place, and tells only what is new', async () => {
    const { namespace } = clients;
    const marks = await aYoungKind();
    await marks.create('known');
    const forgotten = await fromAForgottenPlace();
    const seen = await watching(marks.type, { namespace }, forgotten);
    await seen.until('synced', 2);
    await marks.create('new');
    await seen.until('there new');
    expect(seen.told()).toEqual(['there known', 'synced', 'synced', 'there new']);
    await seen.stop();
    await forgotten.close();
  });

  it('leaves no connection behind when it is stopped', async () => {
    const seen = await watching('svc', { namespace: clients.namespace });
    await seen.until('synced');
    await line.until((open) => open > 0);
    await seen.stop();
    await read.close();
    await line.until((open) => open === 0);
  });

  it('is refused where the identity may not look', async () => {
    const seen = await watching('certificatesigningrequests', {});
    await expect(seen.until('synced')).rejects.toMatchObject({ code: 'Forbidden' });
  });
});

/** Watches in the background and waits for what is told: a deadline is the test's own. */
async function watching(
  kind: string | ResourceType,
  options: { namespace?: string; labelSelector?: string },
  through = read,
) {
  const stopping = new AbortController();
  const type = typeof kind === 'string' ? await read.discovery.resolve(kind) : kind;
  const told: string[] = [];
  let wake = () => {};
  let failed: unknown;
  const running = (async () => {
    for await (const one of through.watch(type, { ...options, signal: stopping.signal })) {
      told.push(inWords(one));
      wake();
    }
  })().catch((error: unknown) => {
    failed = error;
    wake();
  });
  return {
    told: () => told.filter((one, n) => one !== 'disconnected' || told[n - 1] !== one),
    async until(what: string, times = 1) {
      while (told.filter((one) => one === what).length < times) {
        if (failed !== undefined) throw failed;
        await new Promise<void>((next) => (wake = next));
      }
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function inWords(one: Watched): string {
  return 'object' in one ? `${one.kind} ${one.object.metadata.name}` : one.kind;
}

const target = (name: string, resource = 'configmaps') => ({
  group: '',
  version: 'v1',
  resource,
  namespace: clients.namespace,
  name,
});

async function create(name: string, resource = 'configmaps'): Promise<void> {
  await clients.create('', 'v1', resource, { metadata: { name, labels: { watched: 'yes' } } } as never);
}

async function patch(name: string, body: object): Promise<void> {
  const request = { verb: 'patch', patchType: 'merge', target: target(name), body: JSON.stringify(body), options: {} };
  await clients.setter.send(request as never, { grantId: 'set-up' });
}

async function remove(name: string, resource = 'configmaps'): Promise<void> {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions' });
  const request = { verb: 'delete' as const, target: target(name, resource), body, options: {} };
  await clients.setter.send(request, { grantId: 'set-up' });
}

/** Follows from the first resourceVersion there ever was, once: the server no longer knows what happened since (410). */
async function fromAForgottenPlace(): Promise<ReadClient> {
  const transport = new Transport(
    await accessOf(await loadKubeconfig(process.env['SKYFLO_TEST_KUBECONFIG'] ?? '')),
    {},
  );
  let place: string | undefined = '1';
  const follow: Transport['follow'] = (path, asked) => {
    const resourceVersion = place ?? asked.query?.['resourceVersion'];
    place = undefined;
    return transport.follow(path, { ...asked, query: { ...asked.query, resourceVersion } });
  };
  return new ReadClient({ get: transport.get, follow, askAccess: accessAsker(transport) }, () => transport.close());
}

/** A kind made now: of the time before, the server remembers nothing. */
async function aYoungKind() {
  const { namespace, setter } = clients;
  const group = `${namespace}.example.org`;
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }];
  await clients.create('apiextensions.k8s.io', 'v1', 'customresourcedefinitions', {
    metadata: { name: `marks.${group}` },
    ...{ spec: { group, scope: 'Namespaced', names: { plural: 'marks', singular: 'mark', kind: 'Mark' }, versions } },
  });
  const create = async (name: string) => {
    const target = { group, version: 'v1', resource: 'marks', namespace, name };
    const body = JSON.stringify({ apiVersion: `${group}/v1`, kind: 'Mark', metadata: { name } });
    for (;;) {
      const answer = await setter.send({ verb: 'create', target, body, options: {} }, { grantId: 'set-up' });
      if (answer.kind === 'accepted') return;
      // Until the new kind is served.
      if (!('failure' in answer) || answer.failure.code !== 'NotFound') throw new Error(JSON.stringify(answer));
    }
  };
  const type: ResourceType = {
    ...{ group, version: 'v1', resource: 'marks', kind: 'Mark', singular: 'mark', namespaced: true },
    ...{ shortNames: [], verbs: ['list', 'watch'], subresources: [] },
  };
  return { type, create };
}

/** A line to a server that can be cut: TLS goes through it untouched. */
async function aBreakableLine(to: URL) {
  const open = new Set<Socket>();
  let refusing = false;
  let changed = () => {};
  const server = createServer((near) => {
    if (refusing) return near.destroy();
    const far = connect(Number(to.port), to.hostname);
    open.add(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        open.delete(near);
        changed();
      });
    }
    return changed();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    server: new URL(`https://127.0.0.1:${port}`),
    refuse() {
      refusing = true;
      for (const socket of open) socket.destroy();
    },
    accept() {
      refusing = false;
    },
    async until(holds: (open: number) => boolean) {
      while (!holds(open.size)) await new Promise<void>((next) => (changed = next));
    },
    close: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}
