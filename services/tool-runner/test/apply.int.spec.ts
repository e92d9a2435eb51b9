import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject, Plan } from '@skyflo/contracts';
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
const aName = () => `applied-${(count += 1)}`;

function aConfigMap(name: string, data: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

/** Each on its own, as JSON, which is YAML too. */
const manifestOf = (...objects: readonly JsonObject[]) => objects.map((one) => JSON.stringify(one)).join('\n---\n');

function apply(objects: readonly JsonObject[], more: JsonObject = {}, cluster = 'sandbox'): Asked {
  return world.ask('k8s_apply', { manifest: manifestOf(...objects), namespace: world.namespace, ...more }, cluster);
}

async function done(call: Asked): Promise<{ plan: Plan; text: string }> {
  const plan = await call.plan();
  await call.grant(plan);
  const { type, data } = await call.closed();
  expect({ type, data }).toMatchObject({ type: 'tool.finished.v1' });
  for (const check of ('checks' in data ? data.checks : undefined) ?? [])
    expect((await world.ask(check.tool, check.args).read()).data).toMatchObject(
      Object.keys(check.facts).length > 0 ? { facts: check.facts } : { text: expect.any(String) },
    );
  return { plan, text: 'text' in data ? data.text : '' };
}

async function refusal(call: Asked) {
  await call.request();
  await call.planRequest();
  const { data } = await call.closed();
  await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
  return 'failure' in data ? data.failure : undefined;
}

const dataOf = async (name: string) =>
  world.object('cm', name).then(
    (object) => object['data'] ?? {},
    () => undefined,
  );
const create = (name: string, data: object, metadata: object = {}) =>
  world.set('create', { ...configMaps, name }, { metadata: { name, ...metadata }, data });
/** With fields that are not ours: a creation by this process would be told from our own changes by nobody. */
const createTheirs = async (name: string, data: JsonObject) => {
  await world.set('create', { ...configMaps, name }, { metadata: { name } });
  return await world.set('patch', { ...configMaps, name }, [{ op: 'add', path: '/data', value: data }]);
};
const edit = (name: string, value: string) =>
  world.set('patch', { ...configMaps, name }, [{ op: 'add', path: '/data/theirs', value }]);
const statesOf = (grantId: string) =>
  world
    .sql('select state from ledger where of_grant = $1 order by step', [grantId])
    .then((rows) => rows.map((row) => (row as { state: string }).state));

describe('the plan of an apply', () => {
  it('shows what is made and what is changed, object by object, and changes nothing', async () => {
    const [there, fresh] = [aName(), aName()];
    await create(there, { a: '1' });
    const { namespace } = world;
    const plan = await apply([aConfigMap(fresh, { x: 'new' }), aConfigMap(there, { b: '2' })]).plan();
    expect(plan).toMatchObject({
      effect: `Create ConfigMap ${namespace}/${fresh}, change ConfigMap ${namespace}/${there}.`,
      risk: { level: 'low' },
      requests: [
        { verb: 'apply', absent: true, object: { name: fresh }, options: { fieldManager: 'skyflo' } },
        { verb: 'apply', absent: false, object: { name: there, uid: expect.any(String) } },
      ],
      reversible: { possible: true },
    });
    expect(plan.requests.map(({ options }) => options)).not.toContainEqual(expect.objectContaining({ force: 'true' }));
    expect(plan.changes[0]).toMatchObject({ before: '', after: expect.stringContaining('x: new') });
    expect(plan.changes[1]?.changes).toMatchObject([
      { path: '/data/b', from: null, to: '2' },
      { path: '/metadata/annotations/skyflo.ai~1grant', from: null },
    ]);
    await expect(dataOf(fresh)).resolves.toBeUndefined();
    await expect(dataOf(there)).resolves.toEqual({ a: '1' });
  });

  it('leaves out what is so already, and is none where all is', async () => {
    const [same, other] = [aName(), aName()];
    await create(same, { a: '1' });
    const plan = await apply([aConfigMap(same, { a: '1' }), aConfigMap(other, {})]).plan();
    expect(plan.requests).toHaveLength(1);
    expect(plan.warnings).toMatchObject([{ code: 'AlreadySo', message: expect.stringContaining(same) }]);
    await expect(refusal(apply([aConfigMap(same, { a: '1' })]))).resolves.toMatchObject({ code: 'AlreadySo' });
  });

  it('takes what was copied from a cluster, without what only the server writes', async () => {
    const name = aName();
    await create(name, { a: '1' });
    const copied = JSON.parse(JSON.stringify(await world.object('cm', name))) as JsonObject;
    const { plan } = await done(apply([{ ...copied, data: { a: '2' }, status: { made: 'up' } }], { force: true }));
    expect(plan.changes[0]?.changes[0]).toEqual({ path: '/data/a', from: '1', to: '2' });
  });

  it('names who manages a field, and takes it only where that is asked for', async () => {
    const name = aName();
    await createTheirs(name, { level: 'theirs' });
    const wish = [aConfigMap(name, { level: 'ours' })];
    const refused = await refusal(apply(wish));
    expect(refused).toMatchObject({ code: 'FieldConflict', hint: expect.stringContaining('force: true') });
    expect(refused?.message).toContain(`.data.level of ConfigMap ${world.namespace}/${name} is managed by `);
    const { plan } = await done(apply(wish, { force: true }));
    expect(plan).toMatchObject({
      risk: { level: 'medium' },
      requests: [{ options: { force: 'true' } }],
      warnings: [{ code: 'TakesField' }],
    });
    await expect(dataOf(name)).resolves.toEqual({ level: 'ours' });
  });

  it('asks nobody for what an earlier change of ours set', async () => {
    const name = aName();
    await done(apply([aConfigMap(name, { a: '1', b: '2' })]));
    const label = world.ask('k8s_label', { kind: 'ConfigMap', name, namespace: world.namespace, set: { team: 'x' } });
    await done(label);
    const { plan } = await done(apply([aConfigMap(name, { a: '1' }, { labels: { team: 'y' } })]));
    expect(plan.warnings).toEqual([]);
    // What an apply set and the next leaves out is taken away.
    await expect(dataOf(name)).resolves.toEqual({ a: '1' });
  });

  it('tells what a changed template, and what is made, means for pods', async () => {
    const name = aName();
    const labels = { app: name };
    const deployment = (image: string, replicas: number, pod: JsonObject = {}): JsonObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }], ...pod } },
      },
    });
    const { plan: made } = await done(apply([deployment('registry.example/web:1.0', 2)]));
    expect(made.blastRadius).toMatchObject({ podsAdded: 2, podsReplaced: 0 });
    const { plan, text } = await done(apply([deployment('registry.example/web:2.0', 3)]));
    expect(plan.blastRadius).toMatchObject({ podsAdded: 1, podsReplaced: 2 });
    expect(text).toContain('spec.template.spec.containers[0].image');
    const hostile = await apply([deployment('registry.example/web:2.0', 3, { hostNetwork: true })]).plan();
    expect(hostile.risk).toMatchObject({
      level: 'high',
      reasons: expect.arrayContaining([expect.stringContaining('hostNetwork')]),
    });
    const immutable = { ...deployment('registry.example/web:2.0', 3) } as { spec: JsonObject } & JsonObject;
    const other = { ...immutable, spec: { ...immutable.spec, selector: { matchLabels: { app: 'other' } } } };
    await expect(refusal(apply([other]))).resolves.toMatchObject({ code: 'Invalid' });
  });

  it('of a Service says that its address is not known yet, and holds though the server chooses another each time', async () => {
    const name = aName();
    const spec = { type: 'NodePort', selector: { app: name }, ports: [{ port: 80 }] };
    const { plan } = await done(apply([{ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec }]));
    expect(plan.notKnownYet).toEqual([`the address of Service ${world.namespace}/${name}`]);
    expect(plan.changes[0]?.after).not.toMatch(/clusterIP:|nodePort:/);
  });
});

describe('what is not applied', () => {
  const thing = (apiVersion: string, kind: string, metadata: JsonObject, more: JsonObject = {}) => ({
    apiVersion,
    kind,
    metadata,
    ...more,
  });
  it.each([
    ['KindDenied', thing('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { name: 'me' })],
    [
      'KindDenied',
      thing('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', { name: 'skyflo-guard' }),
    ],
    ['KindDenied', thing('v1', 'Node', { name: 'n' })],
    ['SystemNamespace', thing('v1', 'Namespace', { name: 'kube-system' })],
    ['SecretInConversation', thing('v1', 'Secret', { name: 's' }, { stringData: { password: 'hunter22' } })],
    ['KindUnknown', thing('example.org/v1', 'Gizmo', { name: 'g' })],
    ['InvalidArguments', thing('v1', 'ConfigMap', { name: '../x' })],
    ['InvalidArguments', thing('v1', 'ConfigMap', { name: 'a', namespace: 'kube-system' })],
    ['InvalidArguments', thing('v1', 'ConfigMap', { generateName: 'a-' })],
    ['Invalid', thing('v1', 'ConfigMap', { name: 'a', labels: { 'no label': 'x' } })],
  ])('%s: %j', async (code, object) => {
    const refused = await refusal(apply([object]));
    expect(refused).toMatchObject({ code });
    expect(refused?.message).not.toContain('hunter22');
  });

  it('is what goes into a namespace that is not there, with the advice to apply that first', async () => {
    const call = world.ask('k8s_apply', { manifest: manifestOf(aConfigMap('a', {})), namespace: 'not-there-yet' });
    await expect(refusal(call)).resolves.toMatchObject({ hint: expect.stringContaining('Namespace first') });
  });

  it('is a system namespace, and what a controller would change back', async () => {
    const call = world.ask('k8s_apply', { manifest: manifestOf(aConfigMap('a', {})), namespace: 'kube-system' });
    await expect(refusal(call)).resolves.toMatchObject({ code: 'SystemNamespace' });
    const name = aName();
    const owner = await create(aName(), {});
    const { uid } = owner.metadata;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid, controller: true }];
    await create(name, {}, { ownerReferences });
    await expect(refusal(apply([aConfigMap(name, { a: '1' })]))).resolves.toMatchObject({ code: 'OwnedByAnother' });
  });

  it('is a field that the kind does not have', async () => {
    const refused = await refusal(apply([{ ...aConfigMap(aName(), {}), dota: { a: '1' } }]));
    expect(refused?.message).toContain('dota');
  });
});

describe('a granted apply', () => {
  it('happens once: the same bytes again are refused, whatever others did to the object', async () => {
    const [made, changed] = [aName(), aName()];
    await create(changed, { a: '1' });
    const call = apply([aConfigMap(made, { x: '1' }), aConfigMap(changed, { b: '2' })]);
    const { text } = await done(call);
    expect(text).toContain(`ConfigMap ${world.namespace}/${made}: made.`);
    expect(text).toContain('data.b: nothing -> "2"');
    await expect(statesOf(call.grantId)).resolves.toEqual(['done', 'done']);
    for (const mark of [call.grantId, `${call.grantId}/1`])
      await expect(world.sendAgain(mark)).resolves.toMatchObject({ kind: 'refused', status: 409 });
    await edit(made, 'x');
    await edit(changed, 'x');
    for (const mark of [call.grantId, `${call.grantId}/1`])
      await expect(world.sendAgain(mark)).resolves.toMatchObject({ kind: 'refused', status: 409 });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(2);
    expect((await world.object('cm', changed)).metadata.annotations).toMatchObject({
      'skyflo.ai/grant': `${call.grantId}/1`,
    });
  });

  it('is not stopped by what only moves the resourceVersion, as a busy status does', async () => {
    const name = aName();
    await create(name, { a: '1' });
    const call = apply([aConfigMap(name, { b: '2' })]);
    const plan = await call.plan();
    const note = { 'control-plane.alpha.kubernetes.io/leader': 'me' };
    await world.set('patch', { ...configMaps, name }, [{ op: 'add', path: '/metadata/annotations', value: note }]);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(dataOf(name)).resolves.toEqual({ a: '1', b: '2' });
  });

  it('is refused where the object moved, and where somebody made what was to be made', async () => {
    const [moved, made] = [aName(), aName()];
    await create(moved, { a: '1' });
    const [first, second] = [apply([aConfigMap(moved, { b: '2' })]), apply([aConfigMap(made, { b: '2' })])];
    const plans = [await first.plan(), await second.plan()] as const;
    await edit(moved, 'x');
    await create(made, { a: '1' });
    await first.grant(plans[0]);
    await second.grant(plans[1]);
    for (const call of [first, second]) {
      await expect(call.closed()).resolves.toMatchObject({ data: { failure: { code: 'TargetMoved' } } });
      await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
    }
  });

  it('of several tells truly what was done and what was not, when one of them moved', async () => {
    const [one, two, three] = [aName(), aName(), aName()];
    await create(two, { a: '1' });
    const call = apply([aConfigMap(one, {}), aConfigMap(two, { b: '2' }), aConfigMap(three, {})]);
    const plan = await call.plan();
    await edit(two, 'x');
    await call.grant(plan);
    const { type, data } = await call.closed();
    expect(type).toBe('tool.finished.v1');
    const { namespace } = world;
    expect(data).toMatchObject({
      text: expect.stringMatching(/^Done in part, 1 of 3: /),
      undone: [
        { object: `ConfigMap ${namespace}/${two}`, why: expect.stringContaining('has changed since') },
        { object: `ConfigMap ${namespace}/${three}`, why: expect.stringContaining('not begun') },
      ],
      checks: [{ args: { name: one } }],
    });
    await expect(statesOf(call.grantId)).resolves.toEqual(['done', 'not-done', 'not-done']);
    await expect(dataOf(three)).resolves.toBeUndefined();
    await expect(dataOf(two)).resolves.toEqual({ a: '1', theirs: 'x' });
  });

  it('stops between two objects when its run is stopped, and says so', async () => {
    const [one, two] = [aName(), aName()];
    const call = apply([aConfigMap(one, {}), aConfigMap(two, {})]);
    const plan = await call.plan();
    await world.stop();
    await world.sql(`update ledger set state = 'claimed' where of_grant = $1`, [call.grantId]);
    await world.dieAfterWriteAhead(undefined, call.grantId);
    await world.sql('insert into stopped_runs (run_id) values ($1)', [call.at.runId]);
    await call.grant(plan);
    await world.restart();
    const { data } = await call.closed();
    expect(data).toHaveProperty('undone', [
      { object: `ConfigMap ${world.namespace}/${two}`, why: expect.stringContaining('stopped') },
    ]);
    await expect(dataOf(one)).resolves.toEqual({});
    await expect(dataOf(two)).resolves.toBeUndefined();
  });
});

describe('an apply that a crash interrupted', () => {
  const interrupted = async (sent: boolean, wish: JsonObject) => {
    const name = (wish['metadata'] as { name: string }).name;
    const call = apply([wish]);
    const plan = await call.plan();
    await world.stop();
    await world.dieAfterWriteAhead(await world.object('cm', name).catch(() => undefined), call.grantId);
    if (sent) await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'accepted' });
    return {
      name,
      resume: async () => {
        await call.grant(plan);
        await world.restart();
        return await call.closed();
      },
      call,
    };
  };

  it.each([
    ['before the send, of a new object', false, false],
    ['after the send, of a new object', true, false],
    ['before the send, of one that is there', false, true],
    ['after the send, of one that is there', true, true],
  ])('%s, is carried out once', async (_, sent, isThere) => {
    const name = aName();
    if (isThere) await create(name, { a: '1' });
    const { resume, call } = await interrupted(sent, aConfigMap(name, { b: '2' }));
    await expect(resume()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(dataOf(name)).resolves.toEqual({ ...(isThere ? { a: '1' } : {}), b: '2' });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });

  it('before the send, is looked at again where only its resourceVersion moved', async () => {
    const name = aName();
    await create(name, { a: '1' });
    const { resume, call } = await interrupted(false, aConfigMap(name, { b: '2' }));
    const note = { 'control-plane.alpha.kubernetes.io/leader': 'me' };
    await world.set('patch', { ...configMaps, name }, [{ op: 'add', path: '/metadata/annotations', value: note }]);
    await expect(resume()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });

  it('and whose object somebody deleted and made anew, is uncertain', async () => {
    const name = aName();
    const { resume } = await interrupted(true, aConfigMap(name, { b: '2' }));
    await world.remove({ ...configMaps, name });
    await create(name, { theirs: 'x' });
    await expect(resume()).resolves.toMatchObject({ type: 'tool.uncertain.v1' });
    await expect(dataOf(name)).resolves.toEqual({ theirs: 'x' });
  });
});

describe('k8s_diff', () => {
  const diff = async (objects: readonly JsonObject[]) => {
    const call = world.ask('k8s_diff', { manifest: manifestOf(...objects), namespace: world.namespace });
    await call.request();
    await call.pass({ class: 'preview' });
    return (await call.closed()).data;
  };

  it('shows what would be made, changed and taken, and changes nothing', async () => {
    const [there, same, fresh] = [aName(), aName(), aName()];
    await createTheirs(there, { level: 'theirs', API_TOKEN: 'tok-abcdef-123' });
    await create(same, { a: '1' });
    const wish = [
      aConfigMap(there, { level: 'ours', API_TOKEN: 'tok-abcdef-456' }),
      aConfigMap(same, { a: '1' }),
      aConfigMap(fresh, { x: 'new' }),
    ];
    const answer = await diff(wish);
    expect(answer).toMatchObject({ facts: { created: 1, changed: 1, same: 1 } });
    const text = 'text' in answer ? answer.text : '';
    expect(text).toContain('data.level: "theirs" -> "ours"');
    expect(text).toMatch(/\.data\.level is managed by .+: only force would take it/);
    expect(text).toContain(`ConfigMap ${world.namespace}/${fresh} would be created:\n  apiVersion: v1`);
    expect(text).toContain(`ConfigMap ${world.namespace}/${same} stays as it is.`);
    expect(text).toContain('data.API_TOKEN: "*** ');
    expect(text).not.toContain('tok-abcdef');
    await expect(dataOf(there)).resolves.toHaveProperty('level', 'theirs');
    await expect(dataOf(fresh)).resolves.toBeUndefined();
  });

  it('opens no write, whatever the gate says', async () => {
    const call = world.ask('k8s_diff', { manifest: manifestOf(aConfigMap(aName(), {})), namespace: world.namespace });
    await call.request();
    await call.pass({ class: 'read' });
    await expect(call.closed()).resolves.toMatchObject({ data: { failure: { code: 'GrantMismatch' } } });
  });
});
