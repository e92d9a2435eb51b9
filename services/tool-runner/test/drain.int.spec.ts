import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type JsonObject, type Plan, RunStopRequested } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { isReady, toNodePod } from '../src/domain/drain/node-pod.ts';
import { evictionRequest } from '../src/domain/eviction.ts';
import { type Asked, aWorld, mara, type World } from './a-world.ts';

// Pods have to be scheduled, become ready and end on a machine that may be busy with other suites.
jest.setTimeout(90_000);

let world: World;
let count = 0;
const nodes: string[] = [];
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => {
  for (const name of nodes) await world.remove({ group: '', resource: 'nodes', name });
  await world.close();
});

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await sleep(100);
  }
}

/** A node that only takes pods of its own slot. */
async function aNode(slot: string, name = slot): Promise<string> {
  const spec = { taints: [{ key: 'slot', value: slot, effect: 'NoSchedule' }] };
  await world.set('create', { group: '', resource: 'nodes', name }, { metadata: { name, labels: { slot } }, spec });
  nodes.push(name);
  return name;
}

const at = (slot: string, more: object = {}) => ({
  nodeSelector: { slot },
  tolerations: [{ key: 'slot', operator: 'Exists' }],
  containers: [{ name: 'web', image: 'registry.example/web:1.0' }],
  ...more,
});

async function aWorkload(kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', slot: string, over: object = {}) {
  count += 1;
  const name = `thing-${count}`;
  const labels = { app: name };
  const template = { metadata: { labels }, spec: at(slot, over) };
  const replicas = kind === 'DaemonSet' ? {} : { replicas: 2 };
  const target = { group: 'apps', resource: `${kind.toLowerCase()}s`, name };
  const spec = { ...replicas, selector: { matchLabels: labels }, template };
  await world.set('create', target, { metadata: { name, labels }, spec });
  return name;
}

async function aBarePod(slot: string, over: object = {}): Promise<string> {
  count += 1;
  const name = `bare-${count}`;
  await world.set(
    'create',
    { group: '', resource: 'pods', name },
    { metadata: { name, labels: { app: name } }, spec: at(slot, over) },
  );
  return name;
}

async function ready(app: string, pods: number): Promise<readonly KubeObject[]> {
  return until(async () => {
    const found = await world.podsOf(app);
    return found.filter((pod) => isReady(toNodePod(pod))).length === pods && found;
  });
}

async function aBudget(app: string, spec: object) {
  const target = { group: 'policy', resource: 'poddisruptionbudgets', name: app };
  await world.set('create', target, { metadata: { name: app }, spec: { selector: { matchLabels: { app } }, ...spec } });
  const isObserved = async () =>
    JSON.stringify((await world.object('pdb', app))['status'] ?? {}).includes('"expectedPods":2');
  await until(isObserved);
  return target;
}

/** A Deployment of two ready pods on a node of their own, and room elsewhere for their replacements. */
async function aScene(budget?: object) {
  count += 1;
  const slot = `slot-${count}-${world.namespace}`;
  const node = await aNode(slot);
  const app = await aWorkload('Deployment', slot);
  const pods = await ready(app, 2);
  await aNode(slot, `${slot}-spare`);
  return { slot, node, app, pods, budget: budget && (await aBudget(app, budget)) };
}

const drain = (name: string, over: JsonObject = {}) => world.ask('k8s_drain', { name, ...over });

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

const isOn = (node: string) => (pod: KubeObject) => JSON.stringify(pod['spec']).includes(`"nodeName":"${node}"`);
const isCordoned = async (name: string) =>
  JSON.stringify((await world.object('node', name))['spec']).includes('"unschedulable":true');

describe('what a drain would do', () => {
  it('names who leaves, who stays, what is in the way and which budget holds it up, and changes nothing', async () => {
    const { slot, node, app } = await aScene({ minAvailable: 1 });
    const agent = await aWorkload('DaemonSet', slot);
    await ready(agent, 2);
    const bare = await aBarePod(slot, { nodeName: node });
    const cache = await aBarePod(slot, { nodeName: node, volumes: [{ name: 'cache', emptyDir: {} }] });
    const { data } = await world.ask('k8s_drain_plan', { name: node }).read();
    const text = 'text' in data ? data.text : '';
    expect(data).toMatchObject({ facts: { cordoned: false, toEvict: 2, inTheWay: 2, held: 1 } });
    expect(text).toMatch(new RegExp(`${app}-\\S+ +made anew by ReplicaSet ${app}-`));
    expect(text).toContain(`${world.namespace}/${bare}: nobody makes it anew (evict_unmanaged)`);
    expect(text).toContain(
      `${world.namespace}/${cache}: nobody makes it anew (evict_unmanaged); what is in its emptyDir cache`,
    );
    expect(text).toContain(`DaemonSet ${agent}`);
    expect(text).toContain(`PodDisruptionBudget ${world.namespace}/${app} lets 1 of 2 pods go now`);
    await expect(isCordoned(node)).resolves.toBe(false);
    const failure = await refusalOf(drain(node));
    expect(failure).toMatchObject({ code: 'PodsInTheWay', message: expect.stringContaining(bare) });
    await expect(isCordoned(node)).resolves.toBe(false);
  });
});

describe('how full a node is', () => {
  it('is told from what its pods ask for', async () => {
    const slot = `slot-stats-${world.namespace}`;
    const node = await aNode(slot);
    const resources = { requests: { cpu: '1', memory: '64Mi' }, limits: { memory: '128Mi' } };
    const app = await aWorkload('Deployment', slot, {
      containers: [{ name: 'web', image: 'registry.example/web:1.0', resources }],
    });
    await ready(app, 2);
    const { data } = await world.ask('k8s_node_stats', { name: node }).read();
    expect(data).toMatchObject({ facts: { ready: true, cordoned: false, pods: 2 } });
    expect(data).toHaveProperty('text', expect.stringMatching(/cpu +3920m +2000m \(51%\) +0m \(0%\)/));
  });
});

describe('a granted drain', () => {
  it('cordons, evicts each approved pod as its budget allows, tells how far it is, and can be checked', async () => {
    const { node, app, pods } = await aScene({ minAvailable: 1 });
    const call = drain(node);
    const plan = await granted(call);
    expect(plan).toMatchObject({
      effect: `Drain Node ${node}: no new pods on it, and 2 pods evicted from it.`,
      warnings: [{ code: 'HeldByBudget' }],
      blastRadius: { podsReplaced: 2, podsRemoved: 0 },
    });
    expect(plan.requests.map(({ verb, subresource, object }) => [verb, subresource, object.uid])).toEqual([
      ['patch', undefined, expect.any(String)],
      ...pods.map(({ metadata }) => ['create', 'eviction', metadata.uid]),
    ]);
    expect((await call.heard('tool.progressed.v1')).data.text).toMatch(/of 2 pods left/);
    const { type, data } = await call.closed();
    expect({ type, data }).toMatchObject({
      type: 'tool.finished.v1',
      data: {
        text: `Done, as approved: Node ${node} is cordoned. 2 pods left.`,
        facts: { complete: true, evicted: 2, left: 0 },
      },
    });
    await expect(isCordoned(node)).resolves.toBe(true);
    expect((await ready(app, 2)).filter(isOn(node))).toEqual([]);
    for (const { tool, args, facts } of ('checks' in data && data.checks) || [])
      expect((await world.ask(tool, args).read()).data).toMatchObject({ facts });
  });

  it('says what is left where a budget lets nobody go in time, and forces nothing', async () => {
    const { node, app, pods } = await aScene({ maxUnavailable: 0 });
    const call = drain(node, { timeout_s: 10 });
    await granted(call);
    const { type, data } = await call.closed();
    const text = 'text' in data ? data.text : '';
    expect({ type, data }).toMatchObject({
      type: 'tool.finished.v1',
      data: { facts: { complete: false, evicted: 0, left: 2 } },
    });
    expect(text).toContain('Done in part');
    expect(text).toMatch(new RegExp(`${app}-\\S+ stays: .*disruption budget`));
    const still = new Set((await world.podsOf(app)).map(({ metadata }) => metadata.uid));
    expect(still).toEqual(new Set(pods.map(({ metadata }) => metadata.uid)));
    expect((await world.podsOf(app)).every(({ metadata }) => metadata.deletionTimestamp === undefined)).toBe(true);
    await expect(isCordoned(node)).resolves.toBe(true);
  });

  it('ends when the run is stopped, and says how far it came', async () => {
    const { node } = await aScene({ maxUnavailable: 0 });
    const call = drain(node);
    await granted(call);
    await call.heard('tool.progressed.v1');
    await world.gateway.say(RunStopRequested, { ...call.at, data: { by: { id: mara.id, email: mara.email } } });
    const { type, data } = await call.closed();
    expect({ type, data }).toMatchObject({ type: 'tool.finished.v1', data: { facts: { complete: false, left: 2 } } });
    expect(data).toHaveProperty('text', expect.stringContaining('then the run was stopped'));
  });

  it('is gone on with by the next process where one ended in the middle', async () => {
    const { node, app, budget } = await aScene({ maxUnavailable: 0 });
    if (!budget) throw new Error('there is a budget');
    const call = drain(node);
    await granted(call);
    await call.heard('tool.progressed.v1');
    await world.stop();
    // Somebody else takes the grant annotation away meanwhile: the drain knows all the same that it began.
    const node0 = { group: '', resource: 'nodes', name: node };
    await world.set('patch', node0, [{ op: 'remove', path: '/metadata/annotations/skyflo.ai~1grant' }]);
    await world.set('patch', budget, [{ op: 'replace', path: '/spec/maxUnavailable', value: 1 }]);
    await world.restart();
    await expect(call.closed()).resolves.toMatchObject({
      type: 'tool.finished.v1',
      data: { facts: { complete: true, evicted: 2 } },
    });
    expect((await ready(app, 2)).filter(isOn(node))).toEqual([]);
  });

  it('evicts nobody where the node was changed since it was approved', async () => {
    const { node, app } = await aScene();
    const call = drain(node);
    const plan = await call.plan();
    await world.set('patch', { group: '', resource: 'nodes', name: node }, [
      { op: 'add', path: '/metadata/labels/theirs', value: 'yes' },
    ]);
    await call.grant(plan);
    await expect(call.closed()).resolves.toMatchObject({ data: { failure: { code: 'TargetMoved' } } });
    expect((await world.podsOf(app)).every(({ metadata }) => metadata.deletionTimestamp === undefined)).toBe(true);
    await expect(isCordoned(node)).resolves.toBe(false);
  });

  it('takes pods that nobody makes anew once a person agreed to that, and shows them as lost', async () => {
    const { slot, node, app } = await aScene();
    const bare = await aBarePod(slot, { nodeName: node, volumes: [{ name: 'cache', emptyDir: {} }] });
    const call = drain(node, { evict_unmanaged: true, evict_local_data: true });
    const plan = await granted(call);
    expect(plan).toMatchObject({ risk: { level: 'high' }, blastRadius: { podsReplaced: 2, podsRemoved: 1 } });
    expect(plan.warnings.map(({ code }) => code)).toEqual(['DataMayBeLost']);
    await expect(call.closed()).resolves.toMatchObject({ data: { facts: { complete: true, evicted: 3 } } });
    expect((await world.podsOf(app)).filter(isOn(node))).toEqual([]);
    await expect(world.object('pod', bare)).rejects.toMatchObject({ code: 'NotFound' });
    expect(await refusalOf(drain(node))).toMatchObject({ code: 'AlreadySo' });
  });
});

describe('a late duplicate of an eviction', () => {
  it('does nothing to the pod that took the name', async () => {
    const slot = `slot-late-${world.namespace}`;
    const node = await aNode(slot);
    const app = await aWorkload('StatefulSet', slot);
    const [pod] = await ready(app, 2);
    if (!pod) throw new Error('there are pods');
    await aNode(slot, `${slot}-spare`);
    const call = drain(node);
    await granted(call);
    await call.closed();
    const anew = (await ready(app, 2)).find(({ metadata }) => metadata.name === pod.metadata.name);
    expect(anew?.metadata.uid).not.toBe(pod.metadata.uid);
    const again = await world.writer.send(evictionRequest(pod), { grantId: call.grantId });
    expect(again).toMatchObject({ kind: 'refused', status: 409 });
    const still = await world.object('pod', pod.metadata.name);
    expect(still.metadata).toMatchObject({ uid: anew?.metadata.uid });
    expect(still.metadata).not.toHaveProperty('deletionTimestamp');
  });
});
