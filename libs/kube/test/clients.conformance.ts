import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeObject, WriteRequest } from '../src/index.ts';
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

  it('lists the metadata of objects and nothing they hold', async () => {
    const { read, namespace } = clients;
    const type = await read.discovery.resolve('cm');
    const { items } = await read.metadata(type, { namespace, limit: 10, labelSelector: 'side=left' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['alpha', 'beta']);
    expect(items[0]).not.toHaveProperty('data');
    await expect(read.metadata(type, { namespace, limit: 10, labelSelector: 'side=none' })).resolves.toMatchObject({
      items: [],
    });
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

  it.each([
    ['strategic', ['nginx:1.29', 'proxy:1']],
    ['merge', ['proxy:1']],
  ] as const)('tries out a %s patch as its type says', async (patchType, images) => {
    const target = { group: 'apps', version: 'v1', resource: 'deployments', namespace: clients.namespace, name: 'web' };
    const patch = { spec: { template: { spec: { containers: [{ name: 'proxy', image: 'proxy:1' }] } } } };
    const answer = await clients.plan.dryRun({
      verb: 'patch',
      patchType,
      target,
      body: JSON.stringify(patch),
      options: {},
    });
    expect(answer).toMatchObject({ kind: 'accepted' });
    const made = JSON.stringify('object' in answer ? answer.object['spec'] : undefined);
    expect(images.filter((image) => made.includes(`"image":"${image}"`))).toEqual(images);
    expect(made.match(/"image":/g)).toHaveLength(images.length);
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

describe('a delete', () => {
  const grantId = '01900000-0000-7000-8000-000000000001.1.0.1';
  type Preconditions = { readonly uid: string; readonly resourceVersion?: string };
  const remove = (name: string, preconditions: Preconditions): WriteRequest => ({
    verb: 'delete',
    target: { group: '', version: 'v1', resource: 'configmaps', namespace: clients.namespace, name },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions }),
    options: {},
  });
  const made = async (name: string, metadata: object = {}) => {
    const object = await clients.create('', 'v1', 'configmaps', { metadata: { name, ...metadata } });
    const { uid = '', resourceVersion = '' } = object.metadata;
    return { uid, resourceVersion };
  };
  const find = async (name: string) =>
    clients.read.get(await clients.read.discovery.resolve('cm'), { namespace: clients.namespace, name });

  it('as a dry run deletes nothing', async () => {
    const { uid } = await made('kept');
    await expect(clients.plan.dryRun(remove('kept', { uid }))).resolves.toMatchObject({ kind: 'deleted' });
    await expect(find('kept')).resolves.toMatchObject({ metadata: { uid } });
    const unread = { ...remove('kept', { uid }), body: 'not JSON' };
    await expect(clients.plan.dryRun(unread)).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('takes exactly the object of its uid, once, and never one that was made anew under its name', async () => {
    const { uid } = await made('once');
    const request = remove('once', { uid });
    await expect(clients.write.send(request, { grantId })).resolves.toEqual({ kind: 'deleted' });
    await expect(clients.write.send(request, { grantId })).resolves.toMatchObject({ kind: 'refused', status: 404 });
    const anew = await made('once');
    await expect(clients.write.send(request, { grantId })).resolves.toMatchObject({ kind: 'refused', status: 409 });
    await expect(find('once')).resolves.toMatchObject({ metadata: { uid: anew.uid } });
  });

  it('with a resourceVersion takes only the object as it was read', async () => {
    const { uid, resourceVersion } = await made('moved');
    const target = { group: '', version: 'v1', resource: 'configmaps', namespace: clients.namespace, name: 'moved' };
    const body = JSON.stringify({ data: { key: 'theirs' } });
    const merged = await clients.setter.send(
      { verb: 'patch', patchType: 'merge', target, body, options: {} },
      { grantId: 'set-up' },
    );
    expect(merged).toMatchObject({ kind: 'accepted', object: { data: { key: 'theirs' } } });
    const request = remove('moved', { uid, resourceVersion });
    await expect(clients.write.send(request, { grantId })).resolves.toMatchObject({ kind: 'refused', status: 409 });
  });

  it('of an object that a finalizer holds is accepted, and says since when it is being deleted', async () => {
    const { uid } = await made('held', { finalizers: ['skyflo.ai/test'] });
    const answer = await clients.write.send(remove('held', { uid }), { grantId });
    expect(answer).toMatchObject({
      kind: 'accepted',
      object: { metadata: { deletionTimestamp: expect.any(String), finalizers: ['skyflo.ai/test'] } },
    });
  });

  it('is refused by the guard without a uid', async () => {
    const { uid } = await made('guarded');
    const whole = remove('guarded', { uid });
    const bare = { ...whole, body: JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions' }) };
    await expect(clients.write.send(bare, { grantId })).resolves.toMatchObject({
      kind: 'refused',
      failure: { message: expect.stringContaining('SkyfloNoUid') },
    });
    await expect(find('guarded')).resolves.toMatchObject({ metadata: { uid } });
  });
});
