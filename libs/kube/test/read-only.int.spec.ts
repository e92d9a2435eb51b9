import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessOf, openReadClient, parseKubeconfig, ReadClient, type ResourceType } from '../src/index.ts';

const pods: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  namespaced: true,
  singular: 'pod',
  shortNames: [],
  verbs: [],
  subresources: [],
};
const question = { verb: 'delete', group: '', resource: 'pods', namespace: 'shop', name: '../../nodes?x=#' };

let server: Server;
let client: ReadClient;
const asked: { readonly method: string | undefined; readonly url: string | undefined; body: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const one = { method: request.method, url: request.url, body: '' };
    asked.push(one);
    request.on('data', (chunk: Buffer) => (one.body += chunk.toString()));
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ gitVersion: 'v1', items: [], status: { allowed: false, reason: 'no rule' } }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const file = {
    'current-context': 'x',
    clusters: [{ name: 'x', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }],
    contexts: [{ name: 'x', context: { cluster: 'x' } }],
  };
  client = openReadClient(await accessOf(parseKubeconfig(JSON.stringify(file), '/nowhere/config')));
});
afterAll(async () => {
  await client.close();
  await new Promise((done) => server.close(done));
});

/** Every method there is, each used once: one that is added without a line here fails the first test below. */
const uses: Readonly<Record<string, (signal: AbortSignal) => Promise<unknown>>> = {
  get: () => client.get(pods, { namespace: 'shop', name: 'web' }),
  list: () => client.list(pods, { namespace: 'shop', limit: 1 }),
  metadata: () => client.metadata(pods, { namespace: 'shop', limit: 1 }),
  table: () => client.table(pods, { namespace: 'shop', limit: 1 }),
  log: () => client.log({ namespace: 'shop', name: 'web' }, { tailLines: 1, limitBytes: 1 }),
  watch: (signal) => client.watch(pods, { namespace: 'shop', signal }).next(),
  mayI: () => client.mayI(question),
  version: () => client.version(),
  ping: () => client.ping(),
};

describe('a read client', () => {
  it('cannot send anything but GET, except the question what it may do', async () => {
    const methods = Object.getOwnPropertyNames(ReadClient.prototype).filter(
      (name) => !/^(constructor|close)$/.test(name),
    );
    expect(Object.keys(uses).toSorted()).toEqual(methods.toSorted());
    const stopping = new AbortController();
    for (const use of Object.values(uses)) await use(stopping.signal).catch(() => undefined);
    await client.discovery.all().catch(() => undefined);
    await client.schemas.of(pods).catch(() => undefined);
    stopping.abort();
    const others = asked.filter(({ method }) => method !== 'GET');
    expect(asked.length).toBeGreaterThan(others.length + 7);
    expect(others.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews?dryRun=All',
    ]);
  });

  it('asks what it may do in the body alone, whatever the words are', async () => {
    await expect(client.mayI(question)).resolves.toEqual({ allowed: false, reason: 'no rule' });
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: question },
    });
  });

  it('holds no property by which another request could be sent', () => {
    expect(Object.keys(client)).toEqual(['discovery', 'schemas']);
  });
});
