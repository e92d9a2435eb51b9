import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Asked, aWorld, type World } from './a-world.ts';

// Pods have to become ready on a machine that may be busy with other suites.
jest.setTimeout(30_000);

let world: World;
let count = 0;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => {
  await world.close();
});

const configMaps = { group: '', resource: 'configmaps' };

/** A ConfigMap of its own, and a call that is to delete it. */
async function aRemoval(metadata: object = {}): Promise<{ name: string; call: Asked }> {
  count += 1;
  const name = `settings-${count}`;
  await create(name, metadata);
  return { name, call: world.ask('k8s_delete', { kind: 'ConfigMap', name, namespace: world.namespace }) };
}

async function create(name: string, metadata: object = {}) {
  return await world.set(
    'create',
    { ...configMaps, name },
    { metadata: { name, ...metadata }, data: { key: 'value' } },
  );
}

async function uidOf(name: string): Promise<string | undefined> {
  return await world.object('cm', name).then(
    ({ metadata }) => metadata.uid,
    () => undefined,
  );
}

/** Asks for a plan that is refused, and tells why. */
async function refusalOf(kind: string, name: string, namespace?: string) {
  const call = world.ask('k8s_delete', { kind, name, ...(namespace === undefined ? {} : { namespace }) });
  await call.request();
  await call.planRequest();
  const { data } = await call.closed();
  return 'failure' in data ? data.failure.code : 'none';
}

describe('the plan of a delete', () => {
  it('shows what goes with it, that it cannot be undone, and deletes nothing', async () => {
    const { namespace } = world;
    await world.createDeployment('whole');
    const settled = await world.ask('k8s_wait', { kind: 'deploy', name: 'whole', namespace }).read();
    expect(settled.data).toMatchObject({ facts: { done: true } });
    const plan = await world.ask('k8s_delete', { kind: 'deploy', name: 'whole', namespace }).plan();
    const { uid } = (await world.deployment('whole')).metadata;
    expect(plan).toMatchObject({
      effect: `Delete Deployment ${namespace}/whole and what it owns: 1 ReplicaSet and 2 Pods.`,
      risk: { level: 'high' },
      reversible: { possible: false },
      blastRadius: { podsRemoved: 2, summary: 'Deleted with it: 1 ReplicaSet and 2 Pods.' },
      warnings: [{ code: 'Irreversible' }],
      requests: [{ verb: 'delete', object: { uid }, options: { propagationPolicy: 'Background' } }],
      changes: [{ changes: [], after: '' }],
    });
    expect(plan.changes[0]?.before).toContain('image: registry.example/web:1.0');
    expect(JSON.stringify(plan)).not.toMatch(/hunter22|tok-abcdef/);
    expect((await world.deployment('whole')).metadata).not.toHaveProperty('deletionTimestamp');
  });

  it('says of a pod who makes a new one, and names finalizers that hold an object', async () => {
    await world.createDeployment('pods');
    const waited = await world.ask('k8s_wait', { kind: 'deploy', name: 'pods', namespace: world.namespace }).read();
    expect(waited.data).toMatchObject({ facts: { done: true } });
    const [pod] = await world.podsOf('pods');
    const call = world.ask('k8s_delete', { kind: 'pod', name: pod?.metadata.name ?? '', namespace: world.namespace });
    const plan = await call.plan();
    expect(plan).toMatchObject({ risk: { level: 'low' }, blastRadius: { podsReplaced: 1 }, warnings: [] });
    const { call: held } = await aRemoval({ finalizers: ['example.org/held'] });
    const codes = (await held.plan()).warnings.map(({ code }) => code);
    expect(codes).toEqual(['Irreversible', 'HeldByFinalizers']);
  });

  it('is refused for what a cluster depends on, and for what takes a whole world with it', async () => {
    await expect(refusalOf('cm', 'kube-root-ca.crt', 'kube-system')).resolves.toBe('SystemNamespace');
    await expect(refusalOf('namespace', world.namespace)).resolves.toBe('TooMuchAtOnce');
  });
});

describe('a granted delete', () => {
  it('happens once, by uid, and says how to check it', async () => {
    const { name, call } = await aRemoval();
    await call.grant(await call.plan());
    const { type, data } = await call.closed();
    expect(type).toBe('tool.finished.v1');
    expect(data).toHaveProperty('text', expect.stringContaining(`ConfigMap ${world.namespace}/${name} is gone.`));
    await expect(uidOf(name)).resolves.toBeUndefined();
    await expect(world.writesOf(call.grantId)).resolves.toMatchObject([{ verb: 'delete' }]);
    const check = 'checks' in data ? data.checks?.[0] : undefined;
    if (!check) throw new Error('a delete is checked');
    expect((await world.ask(check.tool, check.args).read()).data).toMatchObject({ facts: check.facts });
  });

  it('arriving again does nothing to the object that somebody made anew under the name', async () => {
    const { name, call } = await aRemoval();
    await call.grant(await call.plan());
    await call.closed();
    await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 404 });
    const anew = await create(name);
    await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 409 });
    await expect(uidOf(name)).resolves.toBe(anew.metadata.uid);
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });

  it('is refused where another object has the name by then', async () => {
    const { name, call } = await aRemoval();
    const plan = await call.plan();
    await world.remove({ ...configMaps, name });
    const anew = await create(name);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ data: { failure: { code: 'TargetMoved' } } });
    await expect(uidOf(name)).resolves.toBe(anew.metadata.uid);
    await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
  });

  it('is for the object, not for its content: a change since the plan does not stop it', async () => {
    const { name, call } = await aRemoval();
    const plan = await call.plan();
    await world.set('patch', { ...configMaps, name }, [{ op: 'add', path: '/data/other', value: 'theirs' }]);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(uidOf(name)).resolves.toBeUndefined();
  });

  it('is done once it is accepted, and names what still holds the object', async () => {
    const { call } = await aRemoval({ finalizers: ['example.org/held'] });
    await call.grant(await call.plan());
    const { data } = await call.closed();
    expect(data).toHaveProperty('text', expect.stringContaining('It waits for its finalizers: example.org/held.'));
  });
});

describe('a delete that a crash interrupted', () => {
  it('before the send is carried out by the next process', async () => {
    const { name, call } = await aRemoval();
    const plan = await call.plan();
    await world.stop();
    await world.dieAfterWriteAhead(await world.object('cm', name), call.grantId);
    await call.grant(plan);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(uidOf(name)).resolves.toBeUndefined();
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });

  it('after the send is found done, not sent again, and leaves what took the name', async () => {
    const { name, call } = await aRemoval();
    const plan = await call.plan();
    await world.stop();
    await world.dieAfterWriteAhead(await world.object('cm', name), call.grantId);
    await expect(world.sendAgain(call.grantId)).resolves.toEqual({ kind: 'deleted' });
    const anew = await create(name);
    await call.grant(plan);
    await world.restart();
    const { type, data } = await call.closed();
    expect(type).toBe('tool.finished.v1');
    expect(data).toHaveProperty('text', expect.stringContaining('somebody else may have deleted it'));
    await expect(uidOf(name)).resolves.toBe(anew.metadata.uid);
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });
});
