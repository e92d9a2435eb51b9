import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WriteRequest } from '../src/index.ts';
import { openTestClients } from './clients.ts';

type Clients = Awaited<ReturnType<typeof openTestClients>>;
let clients: Clients;
beforeAll(async () => {
  clients = await openTestClients();
});
afterAll(async () => {
  await clients.close();
});

const grant = (n: number) => `01900000-0000-7000-8000-00000000000${n}.1.0.1`;
/** No object ever has it: with it, an apply makes an object or is refused, and never changes one. */
const absent = { resourceVersion: '1' };

type Wish = { readonly metadata?: object; readonly data: object; readonly force?: true };

function anApply(name: string, mark: string, { metadata = {}, data, force }: Wish): WriteRequest {
  const annotations = { 'skyflo.ai/grant': mark };
  return {
    verb: 'apply',
    target: { group: '', version: 'v1', resource: 'configmaps', namespace: clients.namespace, name },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations, ...metadata }, data }),
    options: { fieldManager: 'skyflo', fieldValidation: 'Strict', ...(force ? { force: 'true' } : {}) },
  };
}

async function find(name: string) {
  const type = await clients.read.discovery.resolve('cm');
  return await clients.read.get(type, { namespace: clients.namespace, name });
}

describe('server-side apply on a real API server', () => {
  it('makes an object where none is, and never changes one that has come meanwhile', async () => {
    const request = anApply('made', grant(1), { metadata: absent, data: { key: 'ours' } });
    await expect(clients.plan.dryRun(request)).resolves.toMatchObject({ kind: 'accepted' });
    await expect(find('made')).rejects.toMatchObject({ code: 'NotFound' });
    await expect(clients.write.send(request, { grantId: grant(1) })).resolves.toMatchObject({ kind: 'accepted' });
    await expect(clients.write.send(request, { grantId: grant(1) })).resolves.toMatchObject({
      kind: 'refused',
      status: 409,
      conflicts: [],
    });
    await clients.create('', 'v1', 'configmaps', { metadata: { name: 'theirs' } });
    const late = anApply('theirs', grant(1), { metadata: absent, data: { key: 'ours' } });
    await expect(clients.write.send(late, { grantId: grant(1) })).resolves.toMatchObject({
      kind: 'refused',
      status: 409,
    });
    expect(await find('theirs')).not.toHaveProperty('data');
  });

  it('with uid and resourceVersion changes the very object that was read, once', async () => {
    await clients.create('', 'v1', 'configmaps', { metadata: { name: 'read' } });
    const { uid, resourceVersion } = (await find('read')).metadata;
    const request = anApply('read', grant(2), { metadata: { uid, resourceVersion }, data: { key: 'ours' } });
    await expect(clients.write.send(request, { grantId: grant(2) })).resolves.toMatchObject({ kind: 'accepted' });
    await expect(clients.write.send(request, { grantId: grant(2) })).resolves.toMatchObject({
      kind: 'refused',
      status: 409,
    });
    const other = anApply('nobody', grant(2), { metadata: { uid, resourceVersion }, data: {} });
    await expect(clients.write.send(other, { grantId: grant(2) })).resolves.toMatchObject({ kind: 'refused' });
    await expect(find('nobody')).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('takes away what it applied before and no longer does, and leaves what others set', async () => {
    const make = anApply('kept', grant(3), { metadata: absent, data: { a: '1', b: '2' } });
    await clients.write.send(make, { grantId: grant(3) });
    const target = { group: '', version: 'v1', resource: 'configmaps', namespace: clients.namespace, name: 'kept' };
    const theirs = JSON.stringify({ data: { c: '3' } });
    await clients.setter.send(
      { verb: 'patch', patchType: 'merge', target, body: theirs, options: { fieldManager: 'them' } },
      { grantId: 'set-up' },
    );
    const { uid, resourceVersion } = (await find('kept')).metadata;
    const next = anApply('kept', grant(4), { metadata: { uid, resourceVersion }, data: { a: '1' } });
    await expect(clients.write.send(next, { grantId: grant(4) })).resolves.toMatchObject({
      kind: 'accepted',
      object: { data: { a: '1', c: '3' } },
    });
  });

  it('names who manages a field, and takes it only where that is asked for', async () => {
    const theirs = anApply('owned', 'of nobody', { metadata: absent, data: { key: 'theirs' } });
    await clients.setter.send({ ...theirs, options: { fieldManager: 'helm' } }, { grantId: 'set-up' });
    const { uid } = (await find('owned')).metadata;
    const wish = { metadata: { uid }, data: { key: 'ours' } };
    const answer = await clients.plan.dryRun(anApply('owned', grant(5), wish));
    expect(answer).toMatchObject({ kind: 'refused', status: 409 });
    expect(answer).toHaveProperty('conflicts', expect.arrayContaining([{ manager: 'helm', field: '.data.key' }]));
    const forced = anApply('owned', grant(5), { ...wish, force: true });
    await expect(clients.plan.dryRun(forced)).resolves.toMatchObject({ object: { data: { key: 'ours' } } });
    expect(await find('owned')).toMatchObject({ data: { key: 'theirs' } });
  });

  it('names nobody but the time before where an object was made without fields and never applied', async () => {
    await clients.create('', 'v1', 'configmaps', { metadata: { name: 'never' } });
    const target = { group: '', version: 'v1', resource: 'configmaps', namespace: clients.namespace, name: 'never' };
    const theirs = { verb: 'patch', patchType: 'merge', target, body: '{"data":{"key":"theirs"}}' } as const;
    await clients.setter.send({ ...theirs, options: { fieldManager: 'them' } }, { grantId: 'set-up' });
    const { uid } = (await find('never')).metadata;
    const answer = await clients.plan.dryRun(anApply('never', grant(6), { metadata: { uid }, data: { key: 'ours' } }));
    expect(answer).toMatchObject({ conflicts: [{ manager: 'before-first-apply', field: '.data.key' }] });
  });
});
