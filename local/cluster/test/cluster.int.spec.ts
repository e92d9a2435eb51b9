import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { waitFor } from '../../servers/wait-for.ts';
import { ApiClient, messageOf } from '../api-client.ts';
import type { ApiAnswer, ApiRequest } from '../api-client.ts';
import { startCluster } from '../index.ts';
import type { SandboxCluster } from '../index.ts';

type Pod = {
  metadata: { name: string };
  status: {
    conditions?: { type: string; message?: string }[];
    containerStatuses?: { state: { waiting?: { reason: string } } }[];
  };
};

const writer = 'system:serviceaccount:skyflo:runner-write';
const checkout = '/apis/apps/v1/namespaces/shop/deployments/checkout';
let cluster: SandboxCluster;
let dir: string;
let clients: Record<string, ApiClient>;

jest.setTimeout(30_000);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'skyflo-cluster-'));
  cluster = await startCluster({ dir, seed: true });
  clients = Object.assign({}, ...(await Promise.all([cluster.kubeconfig, cluster.runnerKubeconfig].map(clientsOf))));
}, 600_000);

afterAll(async () => {
  for (const client of Object.values(clients ?? {})) client.close();
  await cluster?.stop();
  await rm(dir, { recursive: true, force: true });
});

describe('the shop', () => {
  it.each([
    ['payments', 'ImagePullBackOff'],
    ['orders', 'CrashLoopBackOff'],
  ])('has %s in %s', async (app, reason) => {
    const isSo = async () =>
      (await pods(app)).some((pod) => pod.status.containerStatuses?.[0]?.state.waiting?.reason === reason);
    await waitFor(isSo, { timeoutMs: 20_000, what: reason });
  });

  it('has search pending, for which the scheduler finds no node', async () => {
    const message = async () =>
      (await pods('search'))[0]?.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
    expect(await waitFor(message, { timeoutMs: 20_000, what: 'the scheduler' })).toContain('node affinity/selector');
  });

  it('has checkout available, with endpoints, and reviews without any', async () => {
    const available = async () =>
      ((await get(checkout)) as { status: { availableReplicas?: number } }).status.availableReplicas === 2;
    await waitFor(available, { timeoutMs: 20_000, what: 'checkout' });
    await waitFor(async () => (await endpointsOf('checkout')) === 2, {
      timeoutMs: 5_000,
      what: 'the endpoints of checkout',
    });
    expect(await endpointsOf('reviews')).toBe(0);
  });

  it('lets the previous log of orders tell what is missing', async () => {
    const [pod] = await pods('orders');
    const log = await get(`/api/v1/namespaces/shop/pods/${pod?.metadata.name}/log?previous=true`);
    expect(log).toContain('DATABASE_URL is not set');
  });

  it('runs orders once it has its variable', async () => {
    const env = [{ name: 'DATABASE_URL', value: 'postgres://shop@postgres:5432/shop' }];
    await patch('admin', '/apis/apps/v1/namespaces/shop/deployments/orders', {
      spec: { template: { spec: { containers: [{ name: 'orders', env }] } } },
    });
    await waitFor(async () => (await endpointsOf('orders')) === 1, { timeoutMs: 20_000, what: 'orders to be ready' });
  });
});

describe('the guard', () => {
  const replicas = { spec: { replicas: 3 } };

  it('lets runner-plan try a change and refuses it for real', async () => {
    expect((await patch('runner-plan', `${checkout}?dryRun=All`, replicas)).status).toBe(200);
    expectRefusal(await patch('runner-plan', checkout, replicas), 'SkyfloPlanOnly');
  });

  it('does not let runner-read even try a change', async () => {
    expect((await patch('runner-read', `${checkout}?dryRun=All`, replicas)).status).toBe(403);
  });

  it('refuses runner-write without a grant', async () => {
    expectRefusal(await patch('runner-write', checkout, replicas), 'SkyfloNoGrant');
  });

  it('refuses runner-write to act as anybody but itself', async () => {
    const headers = { 'impersonate-user': 'system:serviceaccount:skyflo:runner-read' };
    expect((await patch('runner-write', `${checkout}?dryRun=All`, replicas, headers)).status).toBe(403);
  });

  it('refuses a grant whose mark the object does not bear', async () => {
    expectRefusal(await patch('runner-write', checkout, replicas, granted('g-1')), 'SkyfloMarkMissing');
  });

  it('lets a granted write through once, which the audit log tells', async () => {
    const auditId = randomUUID();
    const marked = { ...replicas, metadata: { annotations: { 'skyflo.ai/grant': 'g-2' } } };
    expect((await patch('runner-write', checkout, marked, { ...granted('g-2'), 'audit-id': auditId })).status).toBe(
      200,
    );
    expectRefusal(
      await patch('runner-write', checkout, { ...marked, spec: { replicas: 4 } }, granted('g-2')),
      'SkyfloMarkMissing',
    );
    const line = (await readFile(cluster.auditLog, 'utf8')).split('\n').find((one) => one.includes(auditId));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      auditID: auditId,
      verb: 'patch',
      user: { username: writer },
      impersonatedUser: { username: writer, extra: { 'skyflo.ai/grant': ['g-2'] } },
      objectRef: { resource: 'deployments', namespace: 'shop', name: 'checkout' },
      responseStatus: { code: 200 },
    });
  });

  it('refuses a delete that names no uid, and lets it through with one', async () => {
    const { metadata } = (await get(`${checkout.replace('checkout', 'web')}`)) as { metadata: { uid: string } };
    const path = checkout.replace('checkout', 'web');
    expectRefusal(
      await clientOf('runner-write').request(path, { method: 'DELETE', headers: granted('g-3') }),
      'SkyfloNoUid',
    );
    const body = { preconditions: { uid: metadata.uid } };
    expect(
      (await clientOf('runner-write').request(path, { method: 'DELETE', headers: granted('g-3'), body })).status,
    ).toBe(200);
  });

  it('opens no way into a container but an exec of runner-write, with a grant', async () => {
    const [pod] = await pods('catalog');
    const path = `/api/v1/namespaces/shop/pods/${pod?.metadata.name}`;
    const connect = async (identity: string, way: string, headers: Record<string, string> = {}) =>
      (await clientOf(identity).request(`${path}/${way}`, { method: 'POST', headers })).status;
    const exec = 'exec?command=id&stdout=true';
    // The guard's no is a 422, that of RBAC a 403.
    expect(await connect('runner-write', exec)).toBe(422);
    expect(await connect('runner-read', exec)).toBe(403);
    expect(await connect('runner-plan', exec)).toBe(403);
    // Let through as far as asking for an upgrade, which this client does not.
    expect(await connect('runner-write', exec, granted('g-4'))).toBe(400);
    for (const way of ['attach?stdout=true', 'portforward', 'proxy/'])
      expect(await connect('runner-write', way, granted('g-4'))).toBe(403);
  });
});

describe('the cluster', () => {
  it('starts again what dies, and goes on', async () => {
    const before = cluster.processes.find(({ name }) => name === 'kube-apiserver');
    process.kill(before?.child.pid ?? 0, 'SIGKILL');
    const isAnother = () =>
      cluster.processes.some(({ name, child }) => name === 'kube-apiserver' && child.pid !== before?.child.pid);
    await waitFor(isAnother, { timeoutMs: 5_000, what: 'another API server' });
    await waitFor(() => get('/readyz'), { timeoutMs: 20_000, what: 'it to be ready' });
  });

  it('finds its data again', async () => {
    await cluster.stop();
    const { server } = cluster;
    cluster = await startCluster({ dir, seed: true });
    expect(cluster.server).toBe(server);
    expect(await get(checkout)).toMatchObject({ spec: { replicas: 3 } });
    expect((await clientOf('admin').request(checkout.replace('checkout', 'web'))).status).toBe(404);
  });
});

function granted(grant: string): Record<string, string> {
  return { 'impersonate-user': writer, 'impersonate-extra-skyflo.ai%2fgrant': grant };
}

function expectRefusal(answer: ApiAnswer, code: string): void {
  expect(messageOf(answer.body)).toContain(code);
  expect(answer.status).toBe(422);
}

function clientOf(name: string): ApiClient {
  const client = clients[name];
  if (client === undefined) throw new Error(`no kubeconfig names ${name}`);
  return client;
}

async function get(path: string): Promise<unknown> {
  return clientOf('admin').expect(path);
}

async function patch(as: string, path: string, body: unknown, headers: ApiRequest['headers'] = {}): Promise<ApiAnswer> {
  return clientOf(as).request(path, {
    method: 'PATCH',
    body,
    headers: { 'content-type': 'application/strategic-merge-patch+json', ...headers },
  });
}

async function pods(app: string): Promise<Pod[]> {
  const selector = encodeURIComponent(`app.kubernetes.io/name=${app}`);
  return ((await get(`/api/v1/namespaces/shop/pods?labelSelector=${selector}`)) as { items: Pod[] }).items;
}

async function endpointsOf(service: string): Promise<number> {
  const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
  const slices = (await get(`/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=${selector}`)) as {
    items: { endpoints?: { conditions: { ready: boolean } }[] }[];
  };
  return slices.items.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready).length;
}

async function clientsOf(kubeconfig: string): Promise<Record<string, ApiClient>> {
  const { users, clusters } = parse(await readFile(kubeconfig, 'utf8')) as {
    users: { name: string; user: { token: string } }[];
    clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  };
  const { server, 'certificate-authority-data': data } = clusters[0]?.cluster ?? {
    server: '',
    'certificate-authority-data': '',
  };
  const ca = Buffer.from(data, 'base64').toString();
  return Object.fromEntries(users.map(({ name, user }) => [name, new ApiClient({ server, ca, token: user.token })]));
}
