import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  accessOf,
  type ConnectClient,
  type ExecOptions,
  loadKubeconfig,
  openConnectClient,
  parseKubeconfig,
} from '../src/index.ts';
import { openTestClients } from './clients.ts';

jest.setTimeout(60_000);

const grantId = '01900000-0000-7000-8000-0000000000ee.1.0.1';
const options: ExecOptions = { grantId, timeoutMs: 20_000, maxBytes: 64_000 };
let clients: Awaited<ReturnType<typeof openTestClients>>;
let connect: ConnectClient;
let foreign: ConnectClient;
beforeAll(async () => {
  clients = await openTestClients();
  const runner = await loadKubeconfig(process.env['SKYFLO_TEST_RUNNER_KUBECONFIG'] ?? '');
  connect = openConnectClient(await accessOf(runner, 'runner-write'), { impersonateSelf: true });
  foreign = openConnectClient(await accessOf(runner, 'runner-read'), { impersonateSelf: false });
  const { namespace } = clients;
  await clients.create('', 'v1', 'configmaps', {
    metadata: { name: 'settings' },
    data: { 'app.conf': 'level=info\n' },
  } as {
    metadata: { name: string };
  });
  await clients.create('', 'v1', 'pods', {
    metadata: { name: 'web' },
    spec: {
      containers: [
        {
          name: 'web',
          image: 'nginx:1.29',
          env: [{ name: 'LEVEL', value: 'info' }],
          volumeMounts: [{ name: 'settings', mountPath: '/etc/app' }],
        },
      ],
      volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
    },
  } as { metadata: { name: string } });
  const pods = await clients.read.discovery.resolve('pods');
  while (!JSON.stringify((await clients.read.get(pods, { namespace, name: 'web' }))['status']).includes('"running"'))
    await sleep(100);
});
afterAll(async () => {
  await Promise.all([connect.close(), foreign.close(), clients.close()]);
});

const run = (command: readonly string[], over: Partial<ExecOptions> = {}, where: object = {}) =>
  connect.exec(
    { namespace: clients.namespace, pod: 'web', container: 'web', command, ...where },
    { ...options, ...over },
  );

describe('a program in a container', () => {
  it('runs with its arguments as they are, and tells its outputs and exit code', async () => {
    await expect(run(['echo', '$(id)', ';', "a'b", '-n&x=1', 'é'])).resolves.toEqual({
      kind: 'ended',
      exitCode: 0,
      output: { stdout: "$(id) ; a'b -n&x=1 é\n", stderr: '', leftOut: 0 },
    });
    await expect(run(['cat', '/etc/app/app.conf', '/nowhere'])).resolves.toEqual({
      kind: 'ended',
      exitCode: 1,
      output: { stdout: 'level=info\n', stderr: 'cat: /nowhere: No such file or directory\n', leftOut: 0 },
    });
  });

  it('sees its container and nothing of this machine', async () => {
    await expect(run(['hostname'])).resolves.toMatchObject({ output: { stdout: 'web\n' } });
    await expect(run(['cat', '/etc/passwd'])).resolves.toMatchObject({ exitCode: 1, output: { stdout: '' } });
    await expect(run(['printenv', 'LEVEL', 'HOME'])).resolves.toMatchObject({
      exitCode: 1,
      output: { stdout: 'info\n' },
    });
  });

  it('that is not there, or of a container that is not there, is refused with why', async () => {
    await expect(run(['/bin/bash'])).resolves.toMatchObject({
      kind: 'refused',
      failure: { message: expect.stringContaining('executable file not found') },
    });
    await expect(run(['true'], {}, { container: 'other' })).resolves.toMatchObject({
      kind: 'refused',
      failure: { message: expect.stringContaining('other') },
    });
    await expect(run(['true'], {}, { pod: 'nobody' })).resolves.toMatchObject({
      kind: 'refused',
      failure: { code: 'NotFound' },
    });
  });

  it('is cut off at the limit of its output, and its exit code is told all the same', async () => {
    const answer = await run(['echo', 'x'.repeat(5_000)], { maxBytes: 1_000 });
    expect(answer).toEqual({
      kind: 'ended',
      exitCode: 0,
      output: { stdout: 'x'.repeat(1_000), stderr: '', leftOut: 4_001 },
    });
  });

  it('that does not end in time, or is stopped, leaves open what became of it', async () => {
    await expect(run(['sleep', '600'], { timeoutMs: 500 })).resolves.toMatchObject({
      kind: 'unknown',
      failure: { code: 'ToolTimedOut' },
    });
    const stopping = new AbortController();
    const stopped = run(['sleep', '600'], { signal: stopping.signal });
    stopping.abort();
    await expect(stopped).resolves.toMatchObject({ kind: 'unknown', failure: { code: 'Cancelled' } });
  });

  it('is refused to an identity that may not, and by name, path and container that are none', async () => {
    const target = { namespace: clients.namespace, pod: 'web', container: 'web', command: ['true'] };
    await expect(foreign.exec(target, options)).resolves.toMatchObject({
      kind: 'refused',
      failure: { code: 'Forbidden' },
    });
    for (const bad of [{ pod: '../x' }, { namespace: 'a/b' }, { container: 'web&stdin=true' }, { command: [] }])
      await expect(run(['true'], {}, bad)).rejects.toMatchObject({ code: 'InvalidArguments' });
  });

  it('is seen in the audit log with its grant', async () => {
    await run(['true']);
    const { readFile } = await import('node:fs/promises');
    const lines = (await readFile(process.env['SKYFLO_TEST_AUDIT_LOG'] ?? '', 'utf8')).split('\n');
    const entry = lines.find((line) => line.includes(grantId) && line.includes('/exec'));
    expect(JSON.parse(entry ?? '{}')).toMatchObject({ impersonatedUser: { extra: { 'skyflo.ai/grant': [grantId] } } });
  });
});

describe('a connection that cannot be made', () => {
  const at = async (port: number) => {
    const file = {
      'current-context': 'x',
      clusters: [{ name: 'x', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'x', context: { cluster: 'x' } }],
    };
    const access = await accessOf(parseKubeconfig(JSON.stringify(file), '/nowhere/config'));
    return openConnectClient(access, { impersonateSelf: false });
  };
  const target = { namespace: 'shop', pod: 'web', container: 'web', command: ['true'] };

  it('is known not to have run anything where nobody listens, and not known where it broke', async () => {
    const server = createServer((request) => request.socket.destroy());
    server.on('upgrade', (_request, socket) => socket.destroy());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const broken = await at(port);
    await expect(broken.exec(target, options)).resolves.toMatchObject({ kind: 'unknown' });
    await new Promise((closed) => server.close(closed));
    await expect(broken.exec(target, options)).resolves.toMatchObject({ kind: 'unsent' });
    await broken.close();
  });
});
