import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject } from '@skyflo/contracts';
import { aMetricsApi } from './a-metrics-api.ts';
import { aWorld, type World } from './a-world.ts';

// Pods have to become ready on a machine that may be busy with other suites.
jest.setTimeout(30_000);

let world: World;
beforeAll(async () => {
  world = await aWorld();
  await world.createDeployment('web');
});
afterAll(async () => {
  await world.close();
});

/** What the tool answers; throws what it was refused with. */
async function ask(tool: string, args: JsonObject): Promise<{ text: string; facts: unknown }> {
  const { type, data } = await world.ask(tool, args).read();
  if (type !== 'tool.finished.v1') throw new Error(JSON.stringify(data));
  return { text: data.text ?? '', facts: data.facts };
}
const failing = async (tool: string, args: JsonObject) => (await world.ask(tool, args).read()).data;

describe('a cluster one does not know', () => {
  it('is told in short: version, nodes, namespaces, what was installed', async () => {
    const { text, facts } = await ask('k8s_cluster_info', {});
    expect(text).toMatch(/^Kubernetes v1\.\d+\.\d+.* on linux\/\w+\nNodes: \d+, \d+ ready; kubelet \S+/);
    expect(text).toContain(world.namespace);
    expect(text).toMatch(/Installed APIs: .*kwok\.x-k8s\.io/);
    // Other suites add nodes of their own to the three there are.
    expect(facts).toMatchObject({ nodes: expect.any(Number), nodesReady: expect.any(Number) });
    expect(Number(/\nNodes: (\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(3);
    expect(text.length).toBeLessThan(2_000);
  });

  it('tells what it serves by group, and of one group everything', async () => {
    const all = await ask('k8s_api_resources', {});
    expect(all.text).toMatch(/^core \(v1\): .*pods\/po/);
    expect(all.text).toMatch(/\napps \(v1\): .*deployments\/deploy/);
    const { text } = await ask('k8s_api_resources', { group: 'apps' });
    expect(text).toMatch(/^NAME +SHORT +APIVERSION +NAMESPACED +KIND +VERBS +SUBRESOURCES\n/);
    expect(text).toMatch(/\ndeployments +deploy +apps\/v1 +yes +Deployment +\S*patch\S* +scale,status/);
    await expect(failing('k8s_api_resources', { group: 'app' })).resolves.toMatchObject({
      failure: { code: 'InvalidArguments', message: expect.stringMatching(/^group: .* "app"; it serves core, .*apps/) },
    });
  });

  it('explains its fields, one level at a time, those of custom resources too', async () => {
    const { text } = await ask('k8s_explain', { kind: 'deploy', path: 'spec.strategy' });
    expect(text).toMatch(/^Deployment\.spec\.strategy \(apps\/v1\): object\n/);
    expect(text).toMatch(/\ntype +string .*"?RollingUpdate"?/);
    const pod = await ask('k8s_explain', { kind: 'pods', path: 'spec.containers[*].ports' });
    expect(pod.text).toMatch(/: list of object\n[\s\S]*\ncontainerPort +integer \(int32\) +required +/);
    const custom = await ask('k8s_explain', { kind: 'logs.kwok.x-k8s.io', path: 'spec' });
    expect(custom.text).toMatch(/^Logs\.spec \(kwok\.x-k8s\.io\/v1alpha1\): object\n/);
    await expect(failing('k8s_explain', { kind: 'deploy', path: 'spec.replica' })).resolves.toMatchObject({
      failure: { message: expect.stringMatching(/^path: Deployment\.spec has no field "replica"; it has .*replicas/) },
    });
  });
});

describe('the question what is allowed', () => {
  it('is answered for the identity that would do it: the one that reads, or the one that changes', async () => {
    const { namespace } = world;
    const read = await ask('k8s_can_i', { verb: 'list', kind: 'secrets', namespace });
    expect(read).toMatchObject({
      facts: { allowed: true },
      text: `Yes: Skyflo may list secrets in namespace ${namespace}.`,
    });
    const change = await ask('k8s_can_i', { verb: 'patch', kind: 'deploy', name: 'web', namespace });
    expect(change.text).toMatch(/^Yes: Skyflo may patch deployments\.apps web in .*, once a person has approved it\.$/);
    const never = await ask('k8s_can_i', { verb: 'create', kind: 'pod', subresource: 'portforward', namespace });
    expect(never).toMatchObject({
      facts: { allowed: false },
      text: expect.stringMatching(/^No: Skyflo may not create pods\/portforward/),
    });
  });

  it('about no kind in particular is a table of those that matter', async () => {
    const { text } = await ask('k8s_can_i', { namespace: world.namespace });
    expect(text).toMatch(/\nKIND +READ +CHANGE \(APPROVED\)\n/);
    expect(text).toMatch(/\ndeployments\.apps +get,list,watch +create,update,patch,delete/);
    expect(text).toMatch(/\nsecrets +get,list,watch +no/);
  });
});

describe('the history of a workload', () => {
  const image = (name: string) => [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: `registry.example/${name}` },
  ];

  it('of a Deployment has its revisions with images and reasons, and the template of each', async () => {
    const target = { group: 'apps', resource: 'deployments', name: 'web' };
    await world.set('patch', target, [
      ...image('web:2.0'),
      { op: 'add', path: '/metadata/annotations/kubernetes.io~1change-cause', value: 'a hotfix' },
    ]);
    const args = { name: 'web', namespace: world.namespace };
    const status = await ask('k8s_rollout_status', { ...args, timeout_s: 20 });
    expect(status.facts).toMatchObject({ done: true });
    const { text, facts } = await ask('k8s_rollout_history', args);
    expect(text).toMatch(
      /\nREVISION +AGE +PODS +IMAGES +CHANGE CAUSE\n2 \(now\) +\d+s +2 +registry\.example\/web:2\.0 +a hotfix\n1 +/,
    );
    expect(facts).toEqual({ count: 2, revision: 2, images: ['registry.example/web:2.0'] });
    const first = await ask('k8s_rollout_history', { ...args, revision: 1 });
    expect(first.text).toContain('image: registry.example/web:1.0');
    expect(first.text).not.toMatch(/pod-template-hash|tok-abcdef|hunter22/);
    await expect(failing('k8s_rollout_history', { ...args, revision: 9 })).resolves.toMatchObject({
      failure: { message: expect.stringMatching(/^revision: .* has no revision 9; it has 2, 1\.$/) },
    });
  });

  it.each([
    ['StatefulSet', 'statefulsets', { serviceName: 'db', replicas: 1 }],
    ['DaemonSet', 'daemonsets', {}],
  ])('of a %s has the revisions its controller keeps', async (kind, resource, spec) => {
    const name = kind.toLowerCase();
    const labels = { app: name };
    const containers = [{ name: 'main', image: 'registry.example/db:1.0' }];
    const template = { metadata: { labels }, spec: { containers, nodeSelector: { never: 'there' } } };
    const target = { group: 'apps', resource, name };
    await world.set('create', target, {
      metadata: { name },
      spec: { ...spec, selector: { matchLabels: labels }, template },
    });
    await world.set('patch', target, image('db:2.0'));
    const args = { kind, name, namespace: world.namespace };
    for (;;) {
      const { text } = await ask('k8s_rollout_history', args);
      // The controller is not waited for by any other sign: its second revision is what is asked for.
      if (!text.includes('db:2.0')) continue;
      expect(text).toMatch(
        /\nREVISION +AGE +IMAGES +CHANGE CAUSE\n2 \(now\) +\d+s +registry\.example\/db:2\.0\n1 +\d+s +registry\.example\/db:1\.0$/,
      );
      break;
    }
    const first = await ask('k8s_rollout_history', { ...args, revision: 1 });
    expect(first.text).toMatch(/image: registry\.example\/db:1\.0/);
    expect(first.text).not.toContain('$patch');
  });
});

describe('usage', () => {
  it('that a cluster does not measure is a failure that says what to do instead', async () => {
    await expect(failing('k8s_top', {})).resolves.toMatchObject({
      failure: {
        code: 'MetricsMissing',
        message: expect.stringContaining('metrics-server is not installed'),
        hint: expect.stringContaining('k8s_get'),
      },
    });
  });

  it('is told of pods by namespace, name and container, and of nodes with their share', async () => {
    const metrics = await aMetricsApi(world.namespace);
    try {
      await world.restart();
      const { namespace } = world;
      const pods = await ask('k8s_top', { namespace });
      expect(pods.text).toBe('NAME  CPU   MEMORY\nhot   550m  64Mi\ncold  10m   200Mi\nAll 2: 560m CPU, 264Mi memory.');
      const byMemory = await ask('k8s_top', { namespace, by: 'memory', limit: 1 });
      expect(byMemory.text).toMatch(/\ncold .*\nAll 2: .*, 1 more are not shown\.$/);
      const one = await ask('k8s_top', { namespace, name: 'hot', containers: true });
      expect(one.text).toMatch(/^NAME +CONTAINER +CPU +MEMORY\nhot +main +500m +32Mi\nhot +side +50m +32Mi\n/);
      const chosen = await ask('k8s_top', { namespace, label_selector: 'app=cold' });
      expect(chosen.facts).toEqual({ count: 1 });
      const nodes = await ask('k8s_top', { of: 'nodes' });
      expect(nodes.text).toMatch(
        new RegExp(`^NAME +CPU +% +MEMORY +%\\n${metrics.node} +1000m +\\d+% +1024Mi +\\d+%\\n`),
      );
      await expect(failing('k8s_top', { name: 'hot' })).resolves.toMatchObject({
        failure: { message: expect.stringMatching(/^namespace: /) },
      });
    } finally {
      await metrics.close();
    }
  });
});
