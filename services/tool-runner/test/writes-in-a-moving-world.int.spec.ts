import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { aWorld, type World } from './a-world.ts';

// Pods have to become ready on a machine that may be busy with other suites.
jest.setTimeout(60_000);

let world: World;
let count = 0;
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => {
  await world.close();
});

const newImage = 'registry.example/web:2.0';
const mark = (object: KubeObject) => object.metadata.annotations?.['skyflo.ai/grant'];

async function aSettledDeployment(): Promise<string> {
  count += 1;
  const name = `moving-${count}`;
  await world.createDeployment(name);
  await settled(name);
  return name;
}

async function settled(name: string): Promise<void> {
  const { data } = await world.ask('k8s_wait', { kind: 'deploy', name, namespace: world.namespace }).read();
  expect(data).toMatchObject({ facts: { done: true } });
}

const setImage = (name: string, image = newImage) =>
  world.ask('k8s_set_image', { name, namespace: world.namespace, image });
const scale = (name: string, replicas: number) =>
  world.ask('k8s_scale', { name, namespace: world.namespace, replicas });

async function imageOf(name: string): Promise<unknown> {
  const object = await world.deployment(name);
  return JSON.parse(JSON.stringify(object)).spec.template.spec.containers[0].image;
}

/** Asks for a change, has it granted, and waits until pods are as it wants them. */
async function done(call: ReturnType<typeof setImage>, name: string): Promise<void> {
  await call.grant(await call.plan());
  await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
  await settled(name);
}

const target = (name: string, subresource?: string) => ({
  group: 'apps',
  resource: 'deployments',
  name,
  ...(subresource === undefined ? {} : { subresource }),
});

/** As a horizontal autoscaler writes: the number alone, through the sub-resource. */
const autoscale = (name: string) =>
  world.set('patch', target(name, 'scale'), [{ op: 'replace', path: '/spec/replicas', value: 5 }]);

/** As a tool writes that puts what is in its repository: the whole object, without annotations it does not know. */
async function putFromRepository(name: string): Promise<KubeObject> {
  const { metadata, spec } = JSON.parse(JSON.stringify(await world.deployment(name)));
  const whole = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: metadata.namespace, uid: metadata.uid, labels: metadata.labels },
    spec: { ...spec, replicas: 4 },
  };
  return await world.set('patch', target(name), [{ op: 'replace', path: '', value: whole as Json }]);
}

/** As `kubectl rollout undo` writes: the template and the annotations of an older ReplicaSet. */
async function undoTo(name: string, replicaSet: KubeObject): Promise<KubeObject> {
  const { metadata, spec } = JSON.parse(JSON.stringify(replicaSet));
  const { 'pod-template-hash': _hash, ...labels } = spec.template.metadata.labels;
  const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
  return await world.set('patch', target(name), [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'add', path: '/metadata/annotations', value: metadata.annotations },
  ]);
}

describe('a plan while others work on the same object', () => {
  it('passes at first try though a controller writes its status a hundred times', async () => {
    const name = await aSettledDeployment();
    const call = scale(name, 3);
    const plan = await call.plan();
    const writer = aStatusWriter(name);
    await writer.until(100);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await writer.stop();
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
    await expect(world.sql('select state, sends from ledger where grant_id = $1', [call.grantId])).resolves.toEqual([
      { state: 'done', sends: 1 },
    ]);
  });

  it.each<[string, (name: string) => Promise<KubeObject>]>([
    ['an autoscaler changed the number of pods', autoscale],
    ['a tool put the object of its repository', putFromRepository],
  ])('is refused as moved when %s, and theirs stays', async (_who, write) => {
    const name = await aSettledDeployment();
    const calls = [setImage(name), scale(name, 3)];
    const plans = [];
    for (const call of calls) plans.push(await call.plan());
    const theirs = await write(name);
    for (const [n, call] of calls.entries()) {
      const plan = plans[n];
      if (plan) await call.grant(plan);
      await expect(call.closed()).resolves.toMatchObject({ data: { failure: { code: 'TargetMoved' } } });
      await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
      await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 422 });
    }
    const after = await world.deployment(name);
    const { replicas } = JSON.parse(JSON.stringify(theirs)).spec;
    expect(after).toMatchObject({ spec: { replicas } });
    expect(await imageOf(name)).toBe('registry.example/web:1.0');
    expect(mark(after)).toBeUndefined();
  });

  it('is refused as moved when a person rolled back, though that put an old grant annotation there', async () => {
    const name = await aSettledDeployment();
    const first = setImage(name);
    await done(first, name);
    await done(setImage(name, 'registry.example/web:3.0'), name);
    const old = (await world.replicaSetsOf(name)).find((one) => mark(one) === first.grantId);
    if (!old) throw new Error('ReplicaSets inherit the annotations of their Deployment');
    const call = scale(name, 3);
    const plan = await call.plan();
    const undone = await undoTo(name, old);
    expect(mark(undone)).toBe(first.grantId);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ data: { failure: { code: 'TargetMoved' } } });
    for (const grantId of [call.grantId, first.grantId])
      await expect(world.sendAgain(grantId)).resolves.toMatchObject({ kind: 'refused', status: 422 });
    await expect(imageOf(name)).resolves.toBe(newImage);
    expect((await world.deployment(name)).metadata.generation).toBe(undone.metadata.generation);
  });
});

describe('an image that was set', () => {
  it('is exactly the one that was approved, of the container that was named', async () => {
    const name = await aSettledDeployment();
    const call = setImage(name);
    const plan = await call.plan();
    expect(plan).toMatchObject({
      effect: `Set the image of container web in Deployment ${world.namespace}/${name} from registry.example/web:1.0 to ${newImage}.`,
      blastRadius: { podsReplaced: 2 },
      reversible: { possible: true, how: 'Set it back to registry.example/web:1.0.' },
      warnings: [],
    });
    expect(plan.changes[0]?.changes[0]).toEqual({
      path: '/spec/template/spec/containers/0/image',
      from: 'registry.example/web:1.0',
      to: newImage,
    });
    await call.grant(plan);
    const { data } = await call.closed();
    await expect(imageOf(name)).resolves.toBe(newImage);
    for (const check of ('checks' in data ? data.checks : undefined) ?? [])
      expect((await world.ask(check.tool, check.args).read()).data).toMatchObject({ facts: check.facts });
  });

  it('warns of another repository and of a moving tag, and refuses what is no image', async () => {
    const name = await aSettledDeployment();
    const plan = await setImage(name, 'elsewhere.example/web').plan();
    expect(plan.warnings.map(({ code }) => code)).toEqual(['OtherRepository', 'MovingTag']);
    for (const image of ['registry.example/web:1.0', 'web:1 --privileged', '-x', 'https://example.org/web']) {
      const call = setImage(name, image);
      await call.request();
      await call.planRequest();
      const { data } = await call.closed();
      expect('failure' in data && data.failure.code).toMatch(/^(AlreadySo|InvalidArguments)$/);
    }
  });

  it('is not set again by a late duplicate, on the object or on one made anew under its name', async () => {
    const name = await aSettledDeployment();
    const call = setImage(name);
    await done(call, name);
    await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 422 });
    await world.remove(target(name));
    await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 404 });
    await world.createDeployment(name);
    await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 422 });
    await expect(imageOf(name)).resolves.toBe('registry.example/web:1.0');
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });

  it.each([
    ['before', 2],
    ['after', 1],
  ])('by a process that was killed %s the send is set once', async (when, sends) => {
    const name = await aSettledDeployment();
    const call = setImage(name);
    const plan = await call.plan();
    await world.stop();
    await world.dieAfterWriteAhead(await world.deployment(name), call.grantId);
    if (when === 'after') await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'accepted' });
    await call.grant(plan);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.finished.v1' });
    await expect(imageOf(name)).resolves.toBe(newImage);
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
    await expect(world.sql('select state, sends from ledger where grant_id = $1', [call.grantId])).resolves.toEqual([
      { state: 'done', sends },
    ]);
  });

  it('and rolled back by a person while its process was dead is said to be uncertain, and not set again', async () => {
    const name = await aSettledDeployment();
    const [old] = await world.replicaSetsOf(name);
    const call = setImage(name);
    const plan = await call.plan();
    await world.stop();
    await world.dieAfterWriteAhead(await world.deployment(name), call.grantId);
    await world.sendAgain(call.grantId);
    if (old) await undoTo(name, old);
    await call.grant(plan);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({ type: 'tool.uncertain.v1' });
    await expect(imageOf(name)).resolves.toBe('registry.example/web:1.0');
    await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  });
});

/** Writes a condition as fast as the API server takes it, four at a time, as a busy controller does. */
function aStatusWriter(name: string) {
  let written = 0;
  let stopped = false;
  let failed: unknown;
  const write = async () => {
    while (!stopped) {
      const message = `write ${written}`;
      await world.set('patch', target(name, 'status'), [
        { op: 'replace', path: '/status/conditions/0/message', value: message },
      ]);
      written += 1;
    }
  };
  const loops = Promise.all(Array.from({ length: 4 }, write)).catch((error: unknown) => (failed = error));
  return {
    async until(times: number) {
      while (written < times && failed === undefined) await new Promise((next) => setTimeout(next, 5));
      if (failed !== undefined) throw failed;
    },
    async stop() {
      stopped = true;
      await loops;
    },
  };
}
