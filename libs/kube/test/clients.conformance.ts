import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../src/index.ts';
import { aDeployment, aScalePatch, openTestClients } from './clients.ts';

type Clients = Awaited<ReturnType<typeof openTestClients>>;
let clients: Clients;
beforeAll(async () => {
  clients = await openTestClients();
  for (const name of ['alpha', 'beta', 'gamma'])
    await clients.create('', 'v1', 'configmaps', {
      metadata: { name, labels: { side: name === 'gamma' ? 'right' : 'left' } },
      data: {},
    } as never);
});
afterAll(async () => {
  await clients.close();
});

describe('discovery on a real API server', () => {
  it.each([
    ['deploy', 'apps', 'deployments'],
    ['Deployment', 'apps', 'deployments'],
    ['deployments.apps', 'apps', 'deployments'],
    ['apps/v1/Deployment', 'apps', 'deployments'],
    ['po', '', 'pods'],
    ['v1/Pod', '', 'pods'],
    ['events', '', 'events'],
    ['ingress', 'networking.k8s.io', 'ingresses'],
    ['validatingadmissionpolicybindings', 'admissionregistration.k8s.io', 'validatingadmissionpolicybindings'],
  ])('finds what %s means', async (word, group, resource) => {
    await expect(clients.read.discovery.resolve(word)).resolves.toMatchObject({ group, resource });
  });

  it('says in one sentence that a kind does not exist', async () => {
    await expect(clients.read.discovery.resolve('gizmo')).rejects.toMatchObject({
      code: 'KindUnknown',
      message: 'kind: the cluster serves no kind "gizmo".',
    });
  });
});

describe('the read client', () => {
  it('gets one object whole', async () => {
    const type = await clients.read.discovery.resolve('configmap');
    const object = await clients.read.get(type, { namespace: clients.namespace, name: 'alpha' });
    expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'alpha' } });
  });

  it('lists by selector, a page at a time', async () => {
    const { read, namespace } = clients;
    const type = await read.discovery.resolve('cm');
    const left = await read.list(type, { namespace, limit: 10, labelSelector: 'side in (left)' });
    expect(left.items.map((item) => item.metadata.name)).toEqual(['alpha', 'beta']);
    expect(left.items[0]?.kind).toBe('ConfigMap');
    const first = await read.list(type, { namespace, limit: 2 });
    expect(first.items).toHaveLength(2);
    const rest = await read.list(type, { namespace, limit: 50, continue: first.continue });
    expect(first.items.length + rest.items.length).toBe(first.items.length + (first.remaining ?? 0));
  });

  it('lists as the table the server prints, with namespaces only where several are listed', async () => {
    const { read, namespace } = clients;
    const type = await read.discovery.resolve('cm');
    const one = await read.table(type, { namespace, limit: 50 });
    expect(one.columns.map((column) => column.name)).toEqual(['Name', 'Data', 'Age']);
    expect(one.rows.map((row) => row.cells[0])).toEqual(expect.arrayContaining(['alpha', 'beta', 'gamma']));
    expect(one.rows.every((row) => row.metadata === undefined)).toBe(true);
    const all = await read.table(type, { limit: 50 });
    expect(all.rows.every((row) => row.metadata?.namespace !== undefined)).toBe(true);
  });

  it('turns refusals of the API server into failures with a code', async () => {
    const { read, namespace } = clients;
    const type = await read.discovery.resolve('cm');
    await expect(read.get(type, { namespace, name: 'nobody' })).rejects.toMatchObject({
      code: 'NotFound',
      retryable: false,
    });
    const forbidden = await read.discovery.resolve('certificatesigningrequests');
    await expect(read.list(forbidden, { limit: 1 })).rejects.toMatchObject({ code: 'Forbidden' });
  });

  it('refuses names that are no names before anything is sent', async () => {
    const { read, namespace } = clients;
    const type = await read.discovery.resolve('cm');
    for (const name of ['..', '../../nodes', 'a/b', '%2e%2e', '--server=x', 'a\nb', 'A', ''])
      await expect(read.get(type, { namespace, name })).rejects.toMatchObject({ code: 'InvalidArguments' });
    await expect(read.list(type, { namespace: '..', limit: 1 })).rejects.toMatchObject({ code: 'InvalidArguments' });
  });

  it('stops when it is cancelled', async () => {
    const type = await clients.read.discovery.resolve('cm');
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(clients.read.list(type, { limit: 1, signal })).rejects.toThrow('stopped');
  });
});

describe('the clients that write', () => {
  let object: KubeObject;
  const grantId = '01900000-0000-7000-8000-000000000000.1.0.1';
  const at = (name: string) => ({ namespace: clients.namespace, name, generation: object.metadata.generation ?? 0 });

  it('shows by dry run what would be stored, and stores nothing', async () => {
    object = await clients.create('apps', 'v1', 'deployments', aDeployment('web'));
    const answer = await clients.plan.dryRun(aScalePatch(at('web'), { replicas: 4, grantId }));
    expect(answer).toMatchObject({ kind: 'accepted', object: { spec: { replicas: 4 } } });
    const type = await clients.read.discovery.resolve('deploy');
    await expect(clients.read.get(type, at('web'))).resolves.toMatchObject({ spec: { replicas: 1 } });
  });

  it('writes once under its grant, as itself, and the audit log can tell', async () => {
    const request = aScalePatch(at('web'), { replicas: 2, grantId });
    await expect(clients.write.send(request, { grantId })).resolves.toMatchObject({
      kind: 'accepted',
      object: { spec: { replicas: 2 }, metadata: { annotations: { 'skyflo.ai/grant': grantId } } },
    });
    const late = await clients.write.send(request, { grantId });
    expect(late).toMatchObject({ kind: 'refused', status: 422, failure: { code: 'Invalid' } });
    const entries = (await readFile(process.env['SKYFLO_TEST_AUDIT_LOG'] ?? '', 'utf8'))
      .split('\n')
      .filter((line) => line.includes(grantId) && line.includes(clients.namespace))
      .map((line) => JSON.parse(line));
    expect(
      entries.filter((entry) => entry.responseStatus?.code === 200 && !entry.requestURI.includes('dryRun')),
    ).toEqual([
      expect.objectContaining({
        auditID: grantId,
        verb: 'patch',
        impersonatedUser: expect.objectContaining({ extra: { 'skyflo.ai/grant': [grantId] } }),
      }),
    ]);
  });

  it('is refused by the guard where the mark is not the grant', async () => {
    object = await clients.create('apps', 'v1', 'deployments', aDeployment('other'));
    const request = aScalePatch(at('other'), { replicas: 2, grantId: 'somebody-else' });
    const answer = await clients.write.send(request, { grantId });
    expect(answer).toMatchObject({
      kind: 'refused',
      failure: { message: expect.stringContaining('SkyfloMarkMissing') },
    });
  });
});
