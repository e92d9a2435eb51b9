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

/** A workload of its own, without pods, as its controller has seen it. */
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
  const made = { kind, name, namespace: world.namespace };
  // Its controller notes the revision in an annotation: before that, a plan for it would be moved on at once.
  await world.ask('k8s_rollout_status', made).read();
  return made;
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

describe('an undo', () => {
  const image = (object: KubeObject) => json(object).spec.template.spec.containers[0].image;
  const kubectlTemplate = (object: KubeObject | undefined) => {
    const { template } = json(object).spec;
    delete template.metadata.labels['pod-template-hash'];
    return template;
  };

  it.each<Kind>(['Deployment', 'StatefulSet', 'DaemonSet'])('takes a %s back to the template before', async (kind) => {
    const it = await aWorkload(kind);
    const first = kubectlTemplate(await world.object(kind, it.name));
    await expect(codeOf('k8s_rollout_undo', it)).resolves.toBe('RevisionMissing');
    await change('k8s_set_image', { ...it, image: 'registry.example/web:2.0' });
    await change('k8s_set_env', { ...it, set: { NEW: '1' } });
    const { plan } = await change('k8s_rollout_undo', it);
    expect(plan.effect).toContain('(registry.example/web:2.0)');
    await change('k8s_rollout_undo', { ...it, to_revision: 1 });
    expect(kubectlTemplate(await world.object(kind, it.name))).toEqual(first);
    const settled = await world.ask('k8s_rollout_history', it).read();
    const { revision } = ('facts' in settled.data && settled.data.facts) || {};
    await expect(codeOf('k8s_rollout_undo', { ...it, to_revision: revision ?? 0 })).resolves.toBe('AlreadySo');
    await expect(refusal('k8s_rollout_undo', { ...it, to_revision: 99 })).resolves.toMatchObject({
      code: 'RevisionMissing',
      message: expect.stringContaining('has no revision 99; it has'),
    });
  });

  it('takes the reason that was noted along, and no other annotation', async () => {
    const cause = 'kubernetes.io/change-cause';
    const it = await aWorkload('Deployment', { annotations: { [cause]: 'the first', note: 'old' } });
    // At once: the controller copies annotations to the revision that runs.
    const spec = { template: { spec: { containers: [{ name: 'web', image: 'registry.example/web:2.0' }] } } };
    const metadata = { annotations: { [cause]: 'the second', note: 'new' } };
    await change('k8s_patch', { ...it, patch: { metadata, spec } });
    const { plan, call } = await change('k8s_rollout_undo', { ...it, to_revision: 1 });
    expect(changesOf(plan).map(({ path }) => path)).toEqual([
      '/metadata/annotations/kubernetes.io~1change-cause',
      '/spec/template/spec/containers/0/image',
    ]);
    const object = await world.deployment(it.name);
    expect(image(object)).toBe('registry.example/web:1.0');
    expect(object.metadata.annotations).toMatchObject({ note: 'new', 'skyflo.ai/grant': call.grantId });
  });

  it('of what is paused would not happen', async () => {
    const it = await aWorkload('Deployment', {}, { paused: true });
    await expect(codeOf('k8s_rollout_undo', it)).resolves.toBe('Paused');
  });
});

describe('resources', () => {
  const place = (object: KubeObject) => json(object).spec.template.spec.containers[0].resources;

  it('are set as the cluster writes them, and those not named stay', async () => {
    const it = await aWorkload();
    await change('k8s_set_resources', { ...it, requests: { cpu: '0.5' }, limits: { memory: '1024Mi', cpu: '2000m' } });
    const now = { requests: { memory: '128Mi', cpu: '500m' }, limits: { memory: '1Gi', cpu: '2' } };
    expect(place(await world.deployment(it.name))).toEqual(now);
    await expect(codeOf('k8s_set_resources', { ...it, limits: { memory: '1Gi' } })).resolves.toBe('AlreadySo');
    await change('k8s_set_resources', { ...it, requests: { memory: null, cpu: null } });
    expect(place(await world.deployment(it.name))).toEqual({ limits: now.limits });
  });

  it('of memory are a risk where they get less, and refused by name where the cluster would not have them', async () => {
    const it = await aWorkload('StatefulSet');
    const plan = await world.ask('k8s_set_resources', { ...it, limits: { memory: '200Mi' } }).plan();
    expect(plan.risk.level).toBe('medium');
    expect(plan.risk.reasons[0]).toContain('are killed');
    await expect(codeOf('k8s_set_resources', { ...it, limits: { memory: '64Mi' } })).resolves.toBe('Invalid');
    await expect(codeOf('k8s_set_resources', { ...it, limits: { memory: '64m' } })).resolves.toBe('InvalidArguments');
    await expect(codeOf('k8s_set_resources', { ...it, limits: { ram: '64Mi' } })).resolves.toBe('InvalidArguments');
    await expect(codeOf('k8s_set_resources', it)).resolves.toBe('InvalidArguments');
  });
});

describe('the environment', () => {
  beforeAll(async () => {
    await world.set(
      'create',
      { group: '', resource: 'secrets', name: 'db' },
      { metadata: { name: 'db' }, stringData: { token: 'hidden' } },
    );
    await world.set(
      'create',
      { group: '', resource: 'configmaps', name: 'db' },
      { metadata: { name: 'db' }, data: { host: 'db' } },
    );
  });

  it('is set, referred to and removed at once, and no plan shows a secret', async () => {
    const it = await aWorkload();
    const refs = [
      { name: 'TOKEN', from: 'Secret', object: 'db', key: 'token' },
      { name: 'HOST', from: 'ConfigMap', object: 'db', key: 'host' },
    ];
    const { plan, text } = await change('k8s_set_env', {
      ...it,
      set: { LEVEL: 'debug', EMPTY: '' },
      refs,
      unset: ['OLD'],
    });
    expect(JSON.stringify(plan) + text).not.toMatch(/tok-abcdef|hidden/);
    expect(json(await world.deployment(it.name)).spec.template.spec.containers[0].env).toEqual([
      { name: 'LEVEL', value: 'debug' },
      { name: 'API_TOKEN', value: 'tok-abcdef-123' },
      { name: 'EMPTY' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'db', key: 'token' } } },
      { name: 'HOST', valueFrom: { configMapKeyRef: { name: 'db', key: 'host' } } },
    ]);
    await expect(codeOf('k8s_set_env', { ...it, set: { LEVEL: 'debug' } })).resolves.toBe('AlreadySo');
    await change('k8s_set_env', { ...it, unset: ['LEVEL', 'API_TOKEN', 'EMPTY', 'TOKEN', 'HOST'] });
    expect(json(await world.deployment(it.name)).spec.template.spec.containers[0]).not.toHaveProperty('env');
  });

  it.each<[string, JsonObject]>([
    ['SecretInPlain', { set: { DB_PASSWORD: 'hunter2' } }],
    ['InvalidArguments', { set: { '2ND': 'x' } }],
    ['InvalidArguments', { set: { 'A=B': 'x' } }],
    ['ReferenceMissing', { refs: [{ name: 'A', from: 'ConfigMap', object: 'db', key: 'port' }] }],
    ['ReferenceMissing', { refs: [{ name: 'A', from: 'ConfigMap', object: 'none', key: 'port' }] }],
    ['InvalidArguments', { refs: [{ name: 'A', from: 'ConfigMap', object: '../db', key: 'host' }] }],
  ])('is refused with %s: %j', async (code, args) => {
    const it = await aWorkload();
    await expect(codeOf('k8s_set_env', { ...it, ...args })).resolves.toBe(code);
  });
});

describe('a taint', () => {
  const mine = { key: 'test', effect: 'NoSchedule' };
  const taints = async () =>
    json(await world.object('node', node)).spec.taints.filter(({ key }: { key: string }) => key === 'gpu');

  it('is set, gets another value and is removed', async () => {
    await change('k8s_taint', { name: node, key: 'gpu', effect: 'NoSchedule' });
    await change('k8s_taint', { name: node, key: 'gpu', value: 'yes', effect: 'NoSchedule' });
    expect(await taints()).toEqual([{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }]);
    await expect(codeOf('k8s_taint', { name: node, key: 'gpu', value: 'yes', effect: 'NoSchedule' })).resolves.toBe(
      'AlreadySo',
    );
    await change('k8s_taint', { name: node, key: 'gpu', remove: true });
    expect(await taints()).toEqual([]);
    await expect(codeOf('k8s_taint', { name: node, ...mine, effect: 'NoExecute', remove: true })).resolves.toBe(
      'AlreadySo',
    );
  });

  it('that ends pods says which, and that no budget is asked', async () => {
    const target = { group: '', resource: 'pods', name: 'alone' };
    const spec = { nodeName: node, containers: [container] };
    await world.set('create', target, { metadata: { name: 'alone' }, spec });
    const plan = await world.ask('k8s_taint', { name: node, key: 'gpu', effect: 'NoExecute' }).plan();
    expect(plan).toMatchObject({
      risk: { level: 'high' },
      blastRadius: { podsRemoved: 1, podsReplaced: 0 },
      warnings: [{ code: 'BudgetsIgnored' }, { code: 'NotMadeAnew' }],
    });
    await world.remove(target);
  });

  it.each<[string, JsonObject]>([
    ['InvalidArguments', { key: 'gpu' }],
    ['InvalidArguments', { key: 'gpu', value: 'two words', effect: 'NoSchedule' }],
    ['KeyOwnedByAnother', { key: 'node.kubernetes.io/not-ready', remove: true }],
  ])('is refused with %s: %j', async (code, args) => {
    await expect(codeOf('k8s_taint', { name: node, ...args })).resolves.toBe(code);
  });
});

describe('an autoscaler', () => {
  it('gets other bounds and another target', async () => {
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody' };
    const spec = { scaleTargetRef, minReplicas: 2, maxReplicas: 6, targetCPUUtilizationPercentage: 80 };
    await world.set(
      'create',
      { group: 'autoscaling', resource: 'horizontalpodautoscalers', name: 'auto' },
      { metadata: { name: 'auto' }, spec },
    );
    const it = { name: 'auto', namespace: world.namespace };
    const { plan } = await change('k8s_autoscale', { ...it, min: 3, max: 9, cpu_percent: 60 });
    expect(changesOf(plan).map(({ path, to }) => [path, to])).toEqual([
      ['/spec/maxReplicas', 9],
      ['/spec/metrics/0/resource/target/averageUtilization', 60],
      ['/spec/minReplicas', 3],
    ]);
    await expect(codeOf('k8s_autoscale', { ...it, max: 9 })).resolves.toBe('AlreadySo');
    await expect(codeOf('k8s_autoscale', { ...it, max: 2 })).resolves.toBe('InvalidArguments');
    await expect(codeOf('k8s_autoscale', { ...it, memory_percent: 50 })).resolves.toBe('InvalidArguments');
  });
});

describe('a patch', () => {
  const env = async (name: string) => json(await world.deployment(name)).spec.template.spec.containers[0].env;

  it('that is strategic merges lists by name, and becomes the list of changes that came of it', async () => {
    const it = await aWorkload();
    const spec = { template: { spec: { containers: [{ name: 'web', env: [{ name: 'LEVEL', value: 'debug' }] }] } } };
    const { plan } = await change('k8s_patch', { ...it, patch: { spec } });
    expect(changesOf(plan)).toEqual([
      { path: '/spec/template/spec/containers/0/env/0/value', from: 'info', to: 'debug' },
    ]);
    expect(plan.effect).toBe(
      `Patch Deployment ${world.namespace}/${it.name}: spec.template.spec.containers[0].env[0].value.`,
    );
    expect(await env(it.name)).toHaveLength(3);
    await expect(codeOf('k8s_patch', { ...it, patch: { spec } })).resolves.toBe('AlreadySo');
  });

  it('of the other types does what its type says', async () => {
    const it = await aWorkload();
    await change('k8s_patch', {
      ...it,
      type: 'merge',
      patch: { spec: { revisionHistoryLimit: 3, strategy: { type: 'Recreate', rollingUpdate: null } } },
    });
    const operations = [
      { op: 'test', path: '/spec/revisionHistoryLimit', value: 3 },
      { op: 'replace', path: '/spec/revisionHistoryLimit', value: 4 },
      { op: 'remove', path: '/spec/template/spec/containers/0/env/2' },
    ];
    await change('k8s_patch', { ...it, type: 'json', patch: operations });
    expect(json(await world.deployment(it.name)).spec).toMatchObject({
      revisionHistoryLimit: 4,
      strategy: { type: 'Recreate' },
    });
    expect(await env(it.name)).toHaveLength(2);
    await expect(codeOf('k8s_patch', { ...it, type: 'json', patch: operations })).resolves.toBe('Invalid');
  });

  it('of data takes single keys away, and brings no secrets', async () => {
    const target = { group: '', resource: 'configmaps', name: 'kept' };
    const data = { level: 'info', password: 'hunter2', old: 'x' };
    await world.set('create', target, { metadata: { name: 'kept' }, data });
    const it = { kind: 'cm', name: 'kept', namespace: world.namespace };
    await expect(codeOf('k8s_patch', { ...it, patch: { data: { token: 'tok-1234567' } } })).resolves.toBe(
      'SecretInPlain',
    );
    const { plan, text } = await change('k8s_patch', {
      ...it,
      type: 'merge',
      patch: { data: { old: null, password: null } },
    });
    expect(JSON.stringify(plan) + text).not.toContain('hunter2');
    expect(json(await world.object('cm', 'kept')).data).toEqual({ level: 'info' });
  });

  it.each<[string, JsonObject]>([
    ['InvalidArguments', { patch: { status: { replicas: 3 } } }],
    ['InvalidArguments', { patch: { metadata: { name: 'other' } } }],
    ['InvalidArguments', { patch: { metadata: { ownerReferences: [] } } }],
    ['KeyOwnedByAnother', { patch: { metadata: { annotations: { 'skyflo.ai/grant': null } } } }],
    ['InvalidArguments', { type: 'json', patch: { spec: {} } }],
    ['InvalidArguments', { patch: [{ op: 'remove', path: '/spec/paused' }] }],
    ['Invalid', { patch: { spec: { repicas: 3 } } }],
    ['Invalid', { patch: { spec: { selector: { matchLabels: { app: 'other' } } } } }],
    [
      'SecretInPlain',
      {
        patch: {
          spec: {
            template: { spec: { containers: [{ name: 'web', env: [{ name: 'DB_PASSWORD', value: 'hunter2' }] }] } },
          },
        },
      },
    ],
  ])('is refused with %s: %j', async (code, args) => {
    await expect(codeOf('k8s_patch', { ...(await aWorkload()), ...args })).resolves.toBe(code);
  });
});
