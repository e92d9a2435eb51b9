import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject, Plan } from '@skyflo/contracts';
import { type Asked, aWorld, type World } from './a-world.ts';

// The cluster is shared with other suites, so an answer may take its time.
jest.setTimeout(60_000);

let world: World;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => {
  await world.close();
});

const runPod = (over: JsonObject = {}) =>
  world.ask('k8s_run_pod', { name: 'box', namespace: world.namespace, image: 'registry.example/box:1.0', ...over });
const runJob = (name: string) => world.ask('k8s_job_from_cronjob', { name, namespace: world.namespace });
const nameIn = (plan: Plan) => plan.requests[0]?.object.name ?? '';

async function granted(call: Asked): Promise<Plan> {
  const plan = await call.plan();
  await call.grant(plan);
  return plan;
}

async function refusalOf(call: Asked) {
  await call.request();
  await call.planRequest();
  const { data } = await call.closed();
  return 'failure' in data ? data.failure : undefined;
}

async function aCronJob(name: string, spec: object = {}, jobSpec: object = {}) {
  const containers = [
    { name: 'main', image: 'registry.example/job:1.0', env: [{ name: 'API_TOKEN', value: 'tok-abcdef-1' }] },
  ];
  const template = { metadata: { labels: { app: name } }, spec: { restartPolicy: 'Never', containers } };
  await world.set(
    'create',
    { group: 'batch', resource: 'cronjobs', name },
    {
      metadata: { name },
      spec: {
        schedule: '0 3 1 1 *',
        jobTemplate: { metadata: { labels: { team: 'pay' } }, spec: { template, ...jobSpec } },
        ...spec,
      },
    },
  );
}

/** As if the process had died right after its write-ahead. */
async function dieAfterWriteAhead(grantId: string): Promise<void> {
  const ahead = { uid: '', resourceVersion: '', previousMark: null, bytesSha256: '0'.repeat(64) };
  await world.sql(
    `update ledger set state = 'executing', write_ahead = $2, sends = 1, last_sent_at = now() where grant_id = $1`,
    [grantId, JSON.stringify(ahead)],
  );
}

const madeUnder = (grantId: string) => world.createsOf(grantId);

describe('a pod that is run once', () => {
  it('is planned under a name of its own, limited and without credentials, and made once it is granted', async () => {
    const call = runPod({ command: ['echo', 'a b'], timeout_s: 60 });
    const plan = await granted(call);
    const name = nameIn(plan);
    expect(name).toMatch(/^box-[0-9a-f]{8}$/);
    expect(plan).toMatchObject({
      effect: `Run Pod ${world.namespace}/${name} once, from image registry.example/box:1.0.`,
      requests: [{ verb: 'create', absent: true }],
      blastRadius: { podsAdded: 1 },
      changes: [{ before: '', after: expect.stringContaining('automountServiceAccountToken: false') }],
    });
    const { type, data } = await call.closed();
    expect(type).toBe('tool.finished.v1');
    const check = 'checks' in data ? data.checks?.[0] : undefined;
    if (!check) throw new Error('a new pod is checked');
    expect((await world.ask(check.tool, check.args).read()).data).toMatchObject({ facts: check.facts });
    expect(await world.object('pods', name)).toMatchObject({
      metadata: { annotations: { 'skyflo.ai/grant': call.grantId } },
      spec: {
        restartPolicy: 'Never',
        activeDeadlineSeconds: 60,
        containers: [{ command: ['echo', 'a b'], resources: { limits: { cpu: '500m', memory: '256Mi' } } }],
      },
    });
    await expect(madeUnder(call.grantId)).resolves.toBe(1);
  });

  it('is not made a second time by a late duplicate, nor by the next process after a crash', async () => {
    const call = runPod();
    const plan = await call.plan();
    await world.stop();
    await dieAfterWriteAhead(call.grantId);
    await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'accepted' });
    await call.grant(plan);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 409 });
    await expect(madeUnder(call.grantId)).resolves.toBe(1);
  });

  it('is made by the next process where a crash came before the send', async () => {
    const call = runPod();
    const plan = await call.plan();
    await world.stop();
    await dieAfterWriteAhead(call.grantId);
    await call.grant(plan);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(madeUnder(call.grantId)).resolves.toBe(1);
  });

  it('is not made where somebody else took its name', async () => {
    const call = runPod();
    const plan = await call.plan();
    await world.runPod(nameIn(plan));
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ data: { failure: { code: 'AlreadyExists' } } });
    await expect(madeUnder(call.grantId)).resolves.toBe(0);
  });

  it('is refused where the cluster depends on what is there, or would not take it', async () => {
    expect(await refusalOf(runPod({ namespace: 'kube-system' }))).toMatchObject({ code: 'SystemNamespace' });
    expect(await refusalOf(runPod({ namespace: 'not-there' }))).toMatchObject({ code: 'NotFound' });
    expect(await refusalOf(runPod({ image: '--help' }))).toMatchObject({ code: 'InvalidArguments' });
    expect(await refusalOf(runPod({ command: 'ls -l' }))).toMatchObject({ code: 'InvalidArguments' });
  });
});

describe('a Job from a CronJob', () => {
  it('is what the CronJob would make, belongs to it, and shows no secret', async () => {
    await aCronJob('nightly', { suspend: true });
    const call = runJob('nightly');
    const plan = await granted(call);
    expect(plan).toMatchObject({ warnings: [{ code: 'Suspended' }], requests: [{ verb: 'create', absent: true }] });
    expect(JSON.stringify(plan)).not.toContain('tok-abcdef');
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    const { metadata } = await world.object('cronjobs.batch', 'nightly');
    expect(await world.object('jobs.batch', nameIn(plan))).toMatchObject({
      metadata: {
        labels: { team: 'pay' },
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', 'skyflo.ai/grant': call.grantId },
        ownerReferences: [{ kind: 'CronJob', name: 'nightly', uid: metadata.uid, controller: true }],
      },
    });
    await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 409 });
  });

  it('is kept long enough to be found again, and keeps a name that fits', async () => {
    const name = `reports-${'x'.repeat(40)}`;
    await aCronJob(name, {}, { ttlSecondsAfterFinished: 5 });
    const plan = await runJob(name).plan();
    expect(plan.warnings.map(({ code }) => code)).toEqual(['KeptLonger']);
    expect(plan.changes[0]?.after).toContain('ttlSecondsAfterFinished: 3600');
    expect(nameIn(plan).length).toBeLessThanOrEqual(63);
  });

  it('is refused of what is not there', async () => {
    expect(await refusalOf(runJob('nobody'))).toMatchObject({ code: 'NotFound' });
  });
});
