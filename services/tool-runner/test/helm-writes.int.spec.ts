import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject, Plan } from '@skyflo/contracts';
import { aChartRepository } from './a-chart-repository.ts';
import { aReleaseSecret } from './a-release.ts';
import { aWorld, type World } from './a-world.ts';

const program = process.env['SKYFLO_TEST_HELM'] ?? '';
let repository: Awaited<ReturnType<typeof aChartRepository>>;
let world: World;
beforeAll(async () => {
  repository = await aChartRepository(program);
  world = await aWorld({
    TOOL_RUNNER_HELM: program,
    TOOL_RUNNER_CHART_REPOSITORIES: JSON.stringify([{ name: 'demo', url: repository.url }]),
  });
});
afterAll(async () => {
  await world.close();
  await repository.close();
});

const secret = 'tok-abcdef-123';
const call = (tool: string, args: JsonObject) => world.ask(tool, { namespace: world.namespace, ...args });
const install = (name: string, values: JsonObject = {}) =>
  call('helm_install', { name, chart: 'demo/web', version: '1.0.0', values: { sessionToken: secret, ...values } });

/** Planned, approved, carried out; the plan and how it ended. */
async function done(asked: ReturnType<typeof call>) {
  const plan = await asked.plan();
  await asked.grant(plan);
  return { plan, ended: await asked.closed() };
}
/** Why there was nothing to approve. */
async function refusedPlan(asked: ReturnType<typeof call>) {
  await asked.request();
  await asked.planRequest();
  return (await asked.closed()).data;
}
async function read(tool: string, args: JsonObject) {
  const { data } = await call(tool, args).read();
  return JSON.stringify(data);
}
const objectsOf = (plan: Plan) =>
  plan.changes.map(({ object, before, after }) => {
    const deed = before === '' ? 'new' : after === '' ? 'gone' : 'changed';
    return `${deed} ${object.kind} ${object.name}`;
  });

describe('the life of a release', () => {
  it('begins with an install that shows every object first, and makes just those', async () => {
    const { namespace } = world;
    const { plan, ended } = await done(install('front'));
    expect(plan).toMatchObject({
      effect: `Install demo/web 1.0.0 as release ${namespace}/front: 2 new.`,
      requests: [{ verb: 'create', absent: true, object: { kind: 'Release', name: 'front', namespace } }],
      blastRadius: { podsAdded: 1, podsReplaced: 0, podsRemoved: 0 },
      guardLevel: 1,
    });
    expect(objectsOf(plan).toSorted()).toEqual(['new Deployment front', 'new Secret front']);
    expect(JSON.stringify(plan)).not.toContain(secret);
    expect(ended).toMatchObject({
      type: 'tool.finished.v1',
      data: { text: expect.stringMatching(/^Done, as approved: Install demo\/web 1\.0\.0/) },
    });
    const deployment = await world.deployment('front');
    expect(deployment.metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'Helm' });
    await expect(read('helm_get', { name: 'front' })).resolves.toMatch(/revision 1, deployed/);
  });

  it('goes on with an upgrade that keeps the values, and shows what becomes different of what', async () => {
    const asked = call('helm_upgrade', { name: 'front', chart: 'demo/web', version: '1.1.0', values: { replicas: 2 } });
    const { plan, ended } = await done(asked);
    expect(plan.effect).toMatch(/from web 1\.0\.0 to 1\.1\.0: 1 new, 1 changed\.$/);
    expect(objectsOf(plan).toSorted()).toEqual(['changed Deployment front', 'new ConfigMap front']);
    expect(plan.changes.find(({ object }) => object.kind === 'Deployment')).toMatchObject({
      before: expect.stringContaining('replicas: 1'),
      after: expect.stringContaining('replicas: 2'),
    });
    expect(ended.type).toBe('tool.finished.v1');
    expect((await world.deployment('front'))['spec']).toMatchObject({ replicas: 2 });
    const values = await read('helm_get', { name: 'front', what: 'values' });
    expect(values).toContain('replicas: 2');
    expect(values).not.toContain(secret);
  });

  it('tells that a secret value changes without telling it', async () => {
    const other = 'tok-something-else';
    const values = { sessionToken: other };
    const plan = await call('helm_upgrade', { name: 'front', chart: 'demo/web', version: '1.1.0', values }).plan();
    expect(objectsOf(plan).toSorted()).toEqual(['changed Deployment front', 'changed Secret front']);
    expect(JSON.stringify(plan)).not.toContain(other);
    expect(plan.changes.map(({ after }) => after).join()).toContain('# A secret value of it changes.');
  });

  it('goes back by a rollback, as a revision of its own', async () => {
    const { plan, ended } = await done(call('helm_rollback', { name: 'front', revision: 1 }));
    expect(plan.effect).toMatch(/back to revision 1 \(web 1\.0\.0\): 1 changed, 1 removed\.$/);
    expect(ended.type).toBe('tool.finished.v1');
    await expect(read('helm_get', { name: 'front' })).resolves.toMatch(/revision 3, deployed/);
    expect((await world.deployment('front'))['spec']).toMatchObject({ replicas: 1 });
  });

  it('ends with an uninstall that shows what goes', async () => {
    const { plan, ended } = await done(call('helm_uninstall', { name: 'front' }));
    expect(plan).toMatchObject({ risk: { level: 'high' }, reversible: { possible: false } });
    expect(objectsOf(plan).toSorted()).toEqual(['gone Deployment front', 'gone Secret front']);
    expect(ended).toMatchObject({ type: 'tool.finished.v1', data: { text: expect.stringMatching(/is gone\.$/) } });
    await expect(read('helm_list', {})).resolves.toMatch(/There is no Helm release/);
  });
});

describe('what was approved', () => {
  it('is not done when the release has moved meanwhile', async () => {
    await done(install('moved'));
    const asked = call('helm_upgrade', { name: 'moved', chart: 'demo/web', version: '1.1.0' });
    const plan = await asked.plan();
    await done(call('helm_upgrade', { name: 'moved', chart: 'demo/web', values: { replicas: 3 } }));
    await asked.grant(plan);
    await expect(asked.closed()).resolves.toMatchObject({
      type: 'tool.failed.v1',
      data: { failure: { code: 'TargetMoved' } },
    });
    await expect(read('helm_get', { name: 'moved' })).resolves.toMatch(/revision 2, deployed/);
  });

  it('is not done twice: a process that died after it is told by the revision that is there', async () => {
    const asked = install('once');
    const plan = await asked.plan();
    await asked.grant(plan);
    await expect(asked.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    // As if the process had died before it could say so.
    await world.sql(`update ledger set state = 'executing', decided_at = null where grant_id = $1`, [asked.grantId]);
    await world.sql('update calls set closed_at = null where call_id = $1', [asked.callId]);
    const reopened = async () => {
      const [row] = await world.sql<{ state: string }>('select state from ledger where grant_id = $1', [asked.grantId]);
      return row?.state === 'executing';
    };
    while (await reopened()) await new Promise((soon) => setTimeout(soon, 50));
    const [row] = await world.sql<{ state: string }>('select state from ledger where grant_id = $1', [asked.grantId]);
    expect(row?.state).toBe('done');
    await expect(read('helm_get', { name: 'once', what: 'history' })).resolves.toMatch(/"count":1/);
  });

  it('carries the grant to the API server, and as a label of the release', async () => {
    const asked = install('marked');
    await done(asked);
    const { metadata } = await world.object('secrets', 'sh.helm.release.v1.marked.v1');
    expect(metadata.labels).toMatchObject({ 'skyflo.ai/grant': asked.grantId });
  });
});

describe('there is nothing to approve', () => {
  it('of a chart that comes out otherwise each time', async () => {
    await expect(refusedPlan(call('helm_install', { name: 'dice', chart: 'demo/moody' }))).resolves.toMatchObject({
      failure: { code: 'ChartNotSteady', hint: expect.stringContaining('Set those by values') },
    });
  });

  it('of a release that is there already, is not there, or is so already', async () => {
    await done(install('there'));
    await expect(refusedPlan(install('there'))).resolves.toMatchObject({
      failure: { code: 'AlreadySo', hint: 'Use helm_upgrade.' },
    });
    const same = { name: 'there', chart: 'demo/web', version: '1.0.0' };
    await expect(refusedPlan(call('helm_upgrade', same))).resolves.toMatchObject({ failure: { code: 'AlreadySo' } });
    for (const tool of ['helm_rollback', 'helm_uninstall'])
      await expect(refusedPlan(call(tool, { name: 'nothere' }))).resolves.toMatchObject({
        failure: { code: 'NotFound', message: expect.stringMatching(/^name: there is no Helm release nothere/) },
      });
  });

  it('of a release that is pending: what gets it out is named', async () => {
    const { metadata, ...rest } = aReleaseSecret({ name: 'stuck', status: 'pending-install' });
    await world.set('create', { group: '', resource: 'secrets', name: metadata.name }, { metadata, ...rest });
    await expect(refusedPlan(call('helm_upgrade', { name: 'stuck', chart: 'demo/web' }))).resolves.toMatchObject({
      failure: { code: 'ReleasePending', hint: expect.stringContaining('helm_uninstall gets it out') },
    });
  });

  it('of values the chart cannot be rendered with: Helm says why', async () => {
    const asked = install('wrong', { replicas: 'many: [' });
    await expect(refusedPlan(asked)).resolves.toMatchObject({ failure: { code: 'HelmFailed' } });
    await expect(read('helm_list', { status: 'failed' })).resolves.toMatch(/There is no Helm release/);
  });
});
