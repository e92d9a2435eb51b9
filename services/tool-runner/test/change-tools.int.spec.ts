import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject, Plan } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { type Asked, aWorld, type World } from './a-world.ts';

// The cluster is shared with other suites, so an answer may take its time.
jest.setTimeout(30_000);

let world: World;
let node: string;
let count = 0;
beforeAll(async () => {
  world = await aWorld();
  node = `node-${world.namespace}`;
  // Its taint keeps the pods of others away.
  const spec = { taints: [{ key: 'test', value: world.namespace, effect: 'NoSchedule' }] };
  await world.set('create', { group: '', resource: 'nodes', name: node }, { metadata: { name: node }, spec });
});
afterAll(async () => {
  await world.remove({ group: '', resource: 'nodes', name: node });
  await world.close();
});

const container = {
  name: 'web',
  image: 'registry.example/web:1.0',
  resources: { requests: { memory: '128Mi' }, limits: { memory: '256Mi' } },
  env: [
    { name: 'LEVEL', value: 'info' },
    { name: 'API_TOKEN', value: 'tok-abcdef-123' },
    { name: 'OLD', value: '1' },
  ],
};

type Kind = 'Deployment' | 'StatefulSet' | 'DaemonSet';
const plural = (kind: Kind) => `${kind.toLowerCase()}s`;

/** A workload of its own without pods: nothing to wait for but its controller. */
async function aWorkload(kind: Kind = 'Deployment', metadata: object = {}, spec: object = {}) {
  count += 1;
  const name = `thing-${count}`;
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [container], nodeSelector: { nowhere: 'yes' } } };
  const replicas = kind === 'DaemonSet' ? {} : { replicas: 0 };
  await world.set(
    'create',
    { group: 'apps', resource: plural(kind), name },
    {
      metadata: { name, labels, ...metadata },
      spec: { ...replicas, selector: { matchLabels: labels }, template, ...spec },
    },
  );
  return { kind, name, namespace: world.namespace };
}

async function change(tool: string, args: JsonObject): Promise<{ plan: Plan; call: Asked; text: string }> {
  const call = world.ask(tool, args);
  const plan = await call.plan();
  await call.grant(plan);
  const { type, data } = await call.closed();
  expect(type).toBe('tool.finished.v1');
  await expect(world.sendAgain(call.grantId)).resolves.toMatchObject({ kind: 'refused', status: 422 });
  await expect(world.writesOf(call.grantId)).resolves.toHaveLength(1);
  for (const check of ('checks' in data ? data.checks : undefined) ?? [])
    expect((await world.ask(check.tool, check.args).read()).data).toMatchObject({ facts: check.facts });
  return { plan, call, text: 'text' in data ? data.text : '' };
}

async function refusal(tool: string, args: JsonObject) {
  const call = world.ask(tool, args);
  await call.request();
  await call.planRequest();
  const { data } = await call.closed();
  await expect(world.writesOf(call.grantId)).resolves.toEqual([]);
  return 'failure' in data ? data.failure : undefined;
}

const codeOf = async (tool: string, args: JsonObject) => (await refusal(tool, args))?.code;
const changesOf = (plan: Plan) =>
  plan.changes[0]?.changes.filter(({ path }) => !path.endsWith('skyflo.ai~1grant')) ?? [];
const json = (object: KubeObject | undefined) => JSON.parse(JSON.stringify(object));

describe('labels and annotations', () => {
  it('are set and removed together, once, and are as approved afterwards', async () => {
    const it = await aWorkload('Deployment', { annotations: { note: 'old' } });
    const { plan } = await change('k8s_label', { ...it, set: { team: 'pay', 'example.org/tier': 'gold' } });
    expect(plan.effect).toBe(
      `Change labels of Deployment ${world.namespace}/${it.name}: team=pay, example.org/tier=gold.`,
    );
    await change('k8s_annotate', { ...it, set: { owner: 'ada' }, remove: ['note'] });
    const { metadata } = await world.deployment(it.name);
    expect(metadata.labels).toEqual({ app: it.name, team: 'pay', 'example.org/tier': 'gold' });
    expect(metadata.annotations).toMatchObject({ owner: 'ada' });
    expect(metadata.annotations).not.toHaveProperty('note');
    await expect(codeOf('k8s_label', { ...it, set: { team: 'pay' } })).resolves.toBe('AlreadySo');
  });

  it.each<[string, string, JsonObject]>([
    ['k8s_annotate', 'KeyOwnedByAnother', { set: { 'skyflo.ai/grant': 'x' } }],
    ['k8s_annotate', 'KeyOwnedByAnother', { remove: ['kubectl.kubernetes.io/last-applied-configuration'] }],
    ['k8s_annotate', 'SecretInPlain', { set: { 'example.org/password': 'hunter2' } }],
    ['k8s_label', 'KeyOwnedByAnother', { set: { 'pod-template-hash': 'x' } }],
    ['k8s_label', 'InvalidArguments', { set: { team: 'two words' } }],
    ['k8s_label', 'InvalidArguments', { set: { '../a': 'b' } }],
    ['k8s_label', 'InvalidArguments', {}],
    ['k8s_label', 'InvalidArguments', { set: { a: 'b' }, remove: ['a'] }],
  ])('%s refuses with %s before it looks: %j', async (tool, code, args) => {
    await expect(codeOf(tool, { kind: 'cm', name: 'none', namespace: world.namespace, ...args })).resolves.toBe(code);
  });

  it('of what a controller makes are refused, and of a pod that Services find by them are a risk', async () => {
    await world.createDeployment('selected');
    await world.ask('k8s_wait', { kind: 'deploy', name: 'selected', namespace: world.namespace }).read();
    const [set] = await world.replicaSetsOf('selected');
    const [pod] = await world.podsOf('selected');
    const args = { namespace: world.namespace, set: { app: 'aside' } };
    await expect(codeOf('k8s_label', { kind: 'rs', name: set?.metadata.name ?? '', ...args })).resolves.toBe(
      'OwnedByAnother',
    );
    const plan = await world.ask('k8s_label', { kind: 'pod', name: pod?.metadata.name ?? '', ...args }).plan();
    expect(plan).toMatchObject({ risk: { level: 'high' }, warnings: [{ code: 'SelectedByLabels' }] });
  });
});

describe('a pause', () => {
  it('holds back what is changed meanwhile until it is resumed', async () => {
    const { kind: _kind, ...it } = await aWorkload();
    await change('k8s_rollout_pause', it);
    expect(json(await world.deployment(it.name)).spec.paused).toBe(true);
    await expect(codeOf('k8s_rollout_pause', it)).resolves.toBe('AlreadySo');
    await change('k8s_rollout_resume', it);
    expect(json(await world.deployment(it.name)).spec).not.toHaveProperty('paused');
    await expect(codeOf('k8s_rollout_resume', it)).resolves.toBe('AlreadySo');
  });
});

describe('a node', () => {
  it('is cordoned and uncordoned', async () => {
    const { plan } = await change('k8s_cordon', { name: node });
    expect(changesOf(plan)).toEqual([{ path: '/spec/unschedulable', from: null, to: true }]);
    expect(plan.blastRadius.summary).toBe('0 pods on it stay.');
    expect(json(await world.object('node', node)).spec.unschedulable).toBe(true);
    await expect(codeOf('k8s_cordon', { name: node })).resolves.toBe('AlreadySo');
    await change('k8s_uncordon', { name: node });
    expect(json(await world.object('node', node)).spec).not.toHaveProperty('unschedulable');
  });
});
