import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { accessOf, openReadClient, openWriteClient, parseKubeconfig } from '../src/index.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
});

/** A server whose answers are scripted in order; the last one stays. */
async function serve(
  script: readonly { status: number; body?: object; headers?: Record<string, string>; reset?: true }[],
) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    const answer = script[Math.min(asked.length, script.length - 1)];
    asked.push(`${request.method} ${request.url}`);
    if (!answer || answer.reset) return request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return { asked, access: await accessTo((server.address() as AddressInfo).port) };
}

async function accessTo(port: number) {
  const file = {
    'current-context': 'x',
    clusters: [{ name: 'x', cluster: { server: `http://127.0.0.1:${port}` } }],
    contexts: [{ name: 'x', context: { cluster: 'x' } }],
  };
  return accessOf(parseKubeconfig(JSON.stringify(file), '/nowhere/config'));
}

describe('a cluster that misbehaves', () => {
  it('is asked again after 429 and after a broken connection', async () => {
    const { access, asked } = await serve([
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 200, reset: true },
      { status: 503 },
      { status: 200 },
    ]);
    const client = openReadClient(access);
    await client.ping();
    expect(asked).toHaveLength(4);
    await client.close();
  });

  it('is given up on when it stays broken', async () => {
    const { access, asked } = await serve([{ status: 500, body: { kind: 'Status', message: 'etcd is away' } }]);
    const client = openReadClient(access);
    await expect(client.ping()).rejects.toMatchObject({
      code: 'ClusterError',
      retryable: true,
      message: 'The API server answered 500: etcd is away',
    });
    expect(asked).toHaveLength(4);
    await client.close();
  });

  it('gets every write exactly once, and what became of it is said', async () => {
    const { access, asked } = await serve([{ status: 200, reset: true }]);
    const client = openWriteClient(access, { impersonateSelf: false });
    const target = { group: '', version: 'v1', resource: 'configmaps', namespace: 'n', name: 'c' };
    const request = { verb: 'patch', target, body: '[]', options: {} } as const;
    await expect(client.send(request, { grantId: 'g' })).resolves.toMatchObject({ kind: 'unknown' });
    expect(asked).toEqual(['PATCH /api/v1/namespaces/n/configmaps/c']);
    await client.close();
  });

  it('that nobody serves is named in one sentence, and a write to it never left', async () => {
    const access = await accessTo(1);
    const client = openReadClient(access);
    await expect(client.ping()).rejects.toMatchObject({
      code: 'ClusterUnreachable',
      retryable: true,
      message: 'The cluster at http://127.0.0.1:1 cannot be reached: nobody listens there.',
    });
    const writer = openWriteClient(access, { impersonateSelf: false });
    const target = { group: '', version: 'v1', resource: 'configmaps', namespace: 'n', name: 'c' };
    const sent = writer.send({ verb: 'patch', target, body: '[]', options: {} }, { grantId: 'g' });
    await expect(sent).resolves.toMatchObject({ kind: 'unsent' });
    await client.close();
    await writer.close();
  });

  it('counts as unreachable when it takes too long', async () => {
    server = createServer(() => {});
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
    const client = openReadClient(await accessTo((server.address() as AddressInfo).port), { timeoutMs: 30 });
    await expect(client.ping()).rejects.toMatchObject({ code: 'ClusterUnreachable' });
    await client.close();
  });
});
