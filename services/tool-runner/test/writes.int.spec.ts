import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId, type Plan, RunCompleted, RunStopRequested } from '@skyflo/contracts';
import { aVoice } from '@skyflo/testkit';
import { type Asked, aWorld, mara, type World } from './a-world.ts';

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

/** A Deployment of two pods of its own, and a call that is to scale it. */
async function aScaling(replicas = 3, cluster = 'sandbox'): Promise<{ name: string; call: Asked }> {
  count += 1;
  const name = `web-${count}`;
  await world.createDeployment(name);
  await settled(name);
  return {
    name,
    call: world.ask('k8s_scale', { kind: 'Deployment', name, namespace: world.namespace, replicas }, cluster),
  };
}

/** The controller notes its revision right after the creation; a plan is for what comes after. */
async function settled(name: string): Promise<void> {
  const { data } = await world
    .ask('k8s_rollout_status', { kind: 'Deployment', name, namespace: world.namespace, timeout_s: 30 })
    .read();
  expect(data).toMatchObject({ facts: { done: true } });
}

async function replicasOf(name: string): Promise<unknown> {
  return (await world.deployment(name))['spec'];
}

async function stateOf(grantId: string) {
  const [row] = await world.sql<{ state: string; sends: number; body: string; write_ahead: unknown }>(
    'select state, sends, body, write_ahead from ledger where grant_id = $1',
    [grantId],
  );
  return row;
}

/** The same requests, for an object of another uid. */
function otherTargets(plan: Plan) {
  return plan.requests.map(({ verb, object }) => ({ verb, object: { ...object, uid: newId() } }));
}

/** The rows as a process leaves them that dies right after its write-ahead. */
async function asIfKilledAfterWriteAhead(name: string, grantId: string): Promise<void> {
  const { uid, resourceVersion, generation } = (await world.deployment(name)).metadata;
  const ahead = { uid, resourceVersion, generation, previousMark: null, bytesSha256: '0'.repeat(64) };
  await world.sql(
    `update ledger set state = 'executing', write_ahead = $2, sends = 1, last_sent_at = now() where grant_id = $1`,
    [grantId, JSON.stringify(ahead)],
  );
}

describe('the plan of a write', () => {
  it('says exactly what will change, and changes nothing', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    expect(plan).toMatchObject({
      effect: `Scale Deployment ${world.namespace}/${name} from 2 to 3 pods.`,
      risk: { level: 'low' },
      guardLevel: 1,
      blastRadius: { podsAdded: 1, podsRemoved: 0 },
      reversible: { possible: true, how: 'Scale it back to 2.' },
      requests: [
        { verb: 'patch', absent: false, object: { kind: 'Deployment', name }, options: { fieldManager: 'skyflo' } },
      ],
      warnings: [],
    });
    expect(plan.changes[0]?.changes).toEqual([
      { path: '/spec/replicas', from: 2, to: 3 },
      { path: '/metadata/annotations/skyflo.ai~1grant', from: null, to: call.grantId },
    ]);
    expect(plan.changes[0]?.before).toContain('replicas: 2');
    expect(plan.changes[0]?.after).toContain('replicas: 3');
    expect(JSON.stringify(plan)).not.toMatch(/hunter22|tok-abcdef/);
    await expect(replicasOf(name)).resolves.toMatchObject({ replicas: 2 });
  });

  it('warns where an autoscaler owns the number', async () => {
    const { name, call } = await aScaling();
    const spec = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, maxReplicas: 5 };
    await world.set(
      'create',
      { group: 'autoscaling', resource: 'horizontalpodautoscalers', name },
      { metadata: { name }, spec },
    );
    const plan = await call.plan();
    expect(plan.warnings.map(({ code }) => code)).toEqual(['AutoscalerOwnsReplicas']);
  });

  it('is refused where there is nothing to change, or it would not last', async () => {
    const { call } = await aScaling(2);
    await call.request();
    await call.planRequest();
    await expect(call.closed()).resolves.toMatchObject({
      type: 'tool.failed.v1',
      data: { failure: { code: 'AlreadySo' } },
    });
    const { name } = await aScaling();
    await world.set('patch', { group: 'apps', resource: 'deployments', name }, [
      { op: 'add', path: '/spec/paused', value: true },
    ]);
    const restart = world.ask('k8s_rollout_restart', { name, namespace: world.namespace });
    await restart.request();
    await restart.planRequest();
    await expect(restart.closed()).resolves.toMatchObject({ data: { failure: { code: 'Paused' } } });
  });

  it('of a foreign kubeconfig says that nothing guards it, and is carried out all the same', async () => {
    const { name, call } = await aScaling(1, 'foreign');
    const plan = await call.plan();
    expect(plan.guardLevel).toBe(0);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(replicasOf(name)).resolves.toMatchObject({ replicas: 1 });
  });
});

describe('a granted write', () => {
  it('happens once, as approved, carries its grant, and says how to check it', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    await call.grant(plan);
    const { type, data } = await call.closed();
    expect(type).toBe('tool.finished.v1');
    expect(data).toMatchObject({
      grantId: call.grantId,
      checks: [
        { tool: 'k8s_rollout_status', facts: { done: true } },
        { tool: 'k8s_get', facts: { '.spec.replicas': 3 }, expected: 'spec.replicas is 3 as approved' },
      ],
    });
    const { metadata } = await world.deployment(name);
    expect(metadata.annotations).toMatchObject({ 'skyflo.ai/grant': call.grantId });
    await expect(replicasOf(name)).resolves.toMatchObject({ replicas: 3 });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
    await expect(stateOf(call.grantId)).resolves.toMatchObject({ state: 'done', sends: 1 });
    expect((await call.heard('tool.started.v1')).data).toEqual({ callId: call.callId, grantId: call.grantId });
  });

  it('restarts a workload at the time that was approved', async () => {
    const { name } = await aScaling();
    const call = world.ask('k8s_rollout_restart', { name, namespace: world.namespace });
    const plan = await call.plan();
    await call.grant(plan);
    const { type, data } = await call.closed();
    expect(type).toBe('tool.finished.v1');
    const check = 'checks' in data ? data.checks?.[1] : undefined;
    if (!check) throw new Error('a restart is checked by its annotation');
    const observed = await world.ask(check.tool, check.args).read();
    expect(observed.data).toMatchObject({ facts: check.facts });
  });

  it('is not done without a grant, with one for another plan, call, cluster or object, or with one that ran out', async () => {
    const cases = [
      ['GrantMissing', (call: Asked) => call.pass({ class: 'write' })],
      ['GrantExpired', (call: Asked, plan: Plan) => call.grant(plan, {}, { expiresAt: new Date(0).toISOString() })],
      ['GrantMismatch', (call: Asked) => call.pass()],
      ['GrantMismatch', (call: Asked, plan: Plan) => call.grant(plan, {}, { argsDigest: 'e'.repeat(64) })],
      ['GrantMismatch', async (call: Asked, plan: Plan) => call.grant(plan, { planDigest: 'f'.repeat(64) })],
      ['GrantMismatch', (call: Asked, plan: Plan) => call.grant(plan, {}, { tool: 'k8s_delete' })],
      ['GrantMismatch', (call: Asked, plan: Plan) => call.grant(plan, {}, { cluster: 'foreign' })],
      ['GrantMismatch', (call: Asked, plan: Plan) => call.grant(plan, { targets: otherTargets(plan) })],
      [
        'GrantMismatch',
        async (call: Asked, plan: Plan) => call.grant(plan, { grantId: (await aScaling()).call.grantId }),
      ],
    ] as const;
    const end = async ([code, pass]: (typeof cases)[number]) => {
      const { name, call } = await aScaling();
      const plan = await call.plan();
      await pass(call, plan);
      await expect(call.closed()).resolves.toMatchObject({ type: 'tool.failed.v1', data: { failure: { code } } });
      await expect(replicasOf(name)).resolves.toMatchObject({ replicas: 2 });
      await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
    };
    await Promise.all(cases.map(end));
  });

  it('is done once though its grant arrives twice, and a late duplicate of its bytes is refused', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    await Promise.all([call.grant(plan), call.grant(plan)]);
    await call.closed();
    await call.grant(plan);
    const row = await stateOf(call.grantId);
    const target = { group: 'apps', version: 'v1', resource: 'deployments', namespace: world.namespace, name };
    const late = await world.writer.send(
      { verb: 'patch', target, body: row?.body ?? '', options: {} },
      { grantId: call.grantId },
    );
    expect(late).toMatchObject({ kind: 'refused', status: 422 });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
    expect(row?.state).toBe('done');
  });

  it.each([
    ['its spec', [{ op: 'replace', path: '/spec/replicas', value: 7 }]],
    ['a label', [{ op: 'add', path: '/metadata/labels/tier', value: 'gold' }]],
  ])('is refused when somebody changed %s since the plan, and theirs stays', async (_what, patch) => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    const theirs = await world.set('patch', { group: 'apps', resource: 'deployments', name }, patch);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({
      type: 'tool.failed.v1',
      data: { failure: { code: 'TargetMoved' } },
    });
    await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
    await expect(stateOf(call.grantId)).resolves.toMatchObject({ state: 'not-done', write_ahead: null });
    const { labels, generation } = theirs.metadata;
    await expect(world.deployment(name)).resolves.toMatchObject({
      spec: theirs['spec'],
      metadata: { labels, generation },
    });
  });

  it('is not stopped by a change of status since the plan', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    const before = (await world.deployment(name)).metadata;
    const condition = { type: 'Inspected', status: 'True', reason: 'Test', message: '' };
    const after = await world.set('patch', { group: 'apps', resource: 'deployments', name, subresource: 'status' }, [
      { op: 'add', path: '/status/conditions/-', value: condition },
    ]);
    expect(after.metadata.resourceVersion).not.toBe(before.resourceVersion);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(replicasOf(name)).resolves.toMatchObject({ replicas: 3 });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });

  it('is refused when another grant changed the object first', async () => {
    const { name, call } = await aScaling(3);
    const other = world.ask('k8s_scale', { name, namespace: world.namespace, replicas: 4 });
    const plans = [await call.plan(), await other.plan()] as const;
    await Promise.all([call.grant(plans[0]), other.grant(plans[1])]);
    const ends = await Promise.all([call.closed(), other.closed()]);
    expect(ends.map(({ type }) => type).toSorted()).toEqual(['tool.failed.v1', 'tool.finished.v1']);
  });

  it('is cancelled when its run was stopped before the claim', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    await world.gateway.say(RunStopRequested, { ...call.at, data: { by: { id: mara.id, email: mara.email } } });
    await until(
      async () => (await world.sql('select 1 from stopped_runs where run_id = $1', [call.at.runId])).length > 0,
    );
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.cancelled.v1', data: { grantId: call.grantId } });
    await expect(stateOf(call.grantId)).resolves.toMatchObject({ state: 'cancelled' });
    await expect(replicasOf(name)).resolves.toMatchObject({ replicas: 2 });
  });

  it('never begins when its run has failed meanwhile, also where its leave is handled only then', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    const planner = await aVoice(world.nats, 'planner');
    await planner.say(RunCompleted, { ...call.at, data: { status: 'failed', reason: 'An event was lost.' } });
    await planner.close();
    await until(
      async () => (await world.sql('select 1 from stopped_runs where run_id = $1', [call.at.runId])).length > 0,
    );
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.cancelled.v1', data: { grantId: call.grantId } });
    await expect(replicasOf(name)).resolves.toMatchObject({ replicas: 2 });
    await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
  });

  it('is cancelled when its run is stopped while it waits for another write of the same object', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    const other = world.ask('k8s_scale', { name, namespace: world.namespace, replicas: 4 });
    await other.plan();
    await world.sql(`update ledger set state = 'claimed' where grant_id = $1`, [other.grantId]);
    await call.grant(plan);
    await until(async () => {
      const [row] = await world.sql<{ due: string | null }>('select due from calls where call_id = $1', [call.callId]);
      return row?.due === 'execute';
    });
    await world.gateway.say(RunStopRequested, { ...call.at, data: { by: { id: mara.id, email: mara.email } } });
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.cancelled.v1', data: { grantId: call.grantId } });
    await expect(stateOf(call.grantId)).resolves.toMatchObject({ state: 'cancelled', write_ahead: null });
    await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
  });

  it('can never be claimed once the gate refused it', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    await call.refuse({ callId: call.callId, why: 'person', message: 'Refused.' });
    await until(async () => (await stateOf(call.grantId))?.state === 'cancelled');
    await call.grant(plan);
    await settled(name);
    await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
  });
});

describe('a write that a crash interrupted', () => {
  it('before the claim is carried out by the next process', async () => {
    const { call } = await aScaling();
    const plan = await call.plan();
    await world.stop();
    await call.grant(plan);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });

  it('between claim and write-ahead is looked at again, though its grant has run out', async () => {
    const { call } = await aScaling();
    const plan = await call.plan();
    await world.stop();
    await world.sql(`update ledger set state = 'claimed' where grant_id = $1`, [call.grantId]);
    await call.grant(plan, {}, { expiresAt: new Date(0).toISOString() });
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });

  it('after the write-ahead, with nothing sent, is sent once', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    await world.stop();
    await asIfKilledAfterWriteAhead(name, call.grantId);
    await call.grant(plan);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
    await expect(stateOf(call.grantId)).resolves.toMatchObject({ state: 'done', sends: 2 });
  });

  it('after the send, its answer lost, is found done by its grant annotation and not sent again', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    await world.stop();
    await asIfKilledAfterWriteAhead(name, call.grantId);
    const target = { group: 'apps', version: 'v1', resource: 'deployments', namespace: world.namespace, name };
    const body = (await stateOf(call.grantId))?.body ?? '';
    const options = { fieldManager: 'skyflo' };
    await world.writer.send({ verb: 'patch', target, body, options }, { grantId: call.grantId });
    await call.grant(plan);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
    await expect(stateOf(call.grantId)).resolves.toMatchObject({ state: 'done', sends: 1 });
  });

  it('is uncertain, and said to be, where others changed the object and no trace tells', async () => {
    const { name, call } = await aScaling();
    const plan = await call.plan();
    await world.stop();
    await asIfKilledAfterWriteAhead(name, call.grantId);
    await world.set('patch', { group: 'apps', resource: 'deployments', name }, [
      { op: 'replace', path: '/spec/replicas', value: 5 },
    ]);
    await call.grant(plan);
    await world.restart();
    const { type, data } = await call.closed();
    expect(type).toBe('tool.uncertain.v1');
    expect(data).toHaveProperty('seen', expect.stringContaining('spec.replicas is 5 now, it was 2'));
    await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((next) => setTimeout(next, 20));
}
