import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject } from '@skyflo/contracts';
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
    expect(text).toMatch(/^Kubernetes v1\.\d+\.\d+.* on linux\/\w+\nNodes: 3, 3 ready; kubelet \S+/);
    expect(text).toContain(world.namespace);
    expect(text).toMatch(/Installed APIs: .*kwok\.x-k8s\.io/);
    expect(facts).toMatchObject({ nodes: 3, nodesReady: 3 });
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
    const never = await ask('k8s_can_i', { verb: 'create', kind: 'pod', subresource: 'exec', namespace });
    expect(never).toMatchObject({
      facts: { allowed: false },
      text: expect.stringMatching(/^No: Skyflo may not create pods\/exec/),
    });
  });

  it('about no kind in particular is a table of those that matter', async () => {
    const { text } = await ask('k8s_can_i', { namespace: world.namespace });
    expect(text).toMatch(/\nKIND +READ +CHANGE \(APPROVED\)\n/);
    expect(text).toMatch(/\ndeployments\.apps +get,list,watch +create,update,patch,delete/);
    expect(text).toMatch(/\nsecrets +get,list,watch +no/);
  });
});
