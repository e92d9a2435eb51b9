import { randomBytes } from 'node:crypto';
import {
  accessOf,
  loadKubeconfig,
  openPlanClient,
  openReadClient,
  openWriteClient,
  type WriteRequest,
} from '../src/index.ts';

const clusterScoped: ReadonlySet<string> = new Set(['namespaces', 'customresourcedefinitions']);

/** The shared cluster of the suites through the runner's own identities, and an admin who sets the scene. */
export async function openTestClients() {
  const runner = await loadKubeconfig(variable('SKYFLO_TEST_RUNNER_KUBECONFIG'));
  const admin = await accessOf(await loadKubeconfig(variable('SKYFLO_TEST_KUBECONFIG')));
  const read = openReadClient(await accessOf(runner, 'runner-read'));
  const plan = openPlanClient(await accessOf(runner, 'runner-plan'));
  const write = openWriteClient(await accessOf(runner, 'runner-write'), { impersonateSelf: true });
  const setter = openWriteClient(admin, { impersonateSelf: false });
  const namespace = `kube-${randomBytes(4).toString('hex')}`;
  const create = async (group: string, version: string, resource: string, object: { metadata: { name: string } }) => {
    const target = {
      group,
      version,
      resource,
      namespace: clusterScoped.has(resource) ? undefined : namespace,
      name: object.metadata.name,
    };
    const answer = await setter.send(
      { verb: 'create', target, body: JSON.stringify(object), options: {} },
      { grantId: 'set-up' },
    );
    if (answer.kind !== 'accepted') throw new Error(`not created: ${JSON.stringify(answer)}`);
    return answer.object;
  };
  await create('', 'v1', 'namespaces', { metadata: { name: namespace } });
  return {
    read,
    plan,
    write,
    setter,
    namespace,
    create,
    close: () => Promise.all([read.close(), plan.close(), write.close(), setter.close()]),
  };
}

export function aDeployment(name: string, replicas = 1) {
  const labels = { app: name };
  return {
    metadata: { name, annotations: { team: 'shop' } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] } },
    },
  };
}

/** A patch as the tool-runner sends it: precondition, change, grant annotation. */
export function aScalePatch(
  { namespace, name, generation }: { namespace: string; name: string; generation: number },
  { replicas, grantId }: { replicas: number; grantId: string },
): WriteRequest {
  const body = JSON.stringify([
    { op: 'test', path: '/metadata/generation', value: generation },
    { op: 'test', path: '/metadata/annotations/skyflo.ai~1grant', value: null },
    { op: 'add', path: '/metadata/annotations/skyflo.ai~1grant', value: grantId },
    { op: 'replace', path: '/spec/replicas', value: replicas },
  ]);
  const target = { group: 'apps', version: 'v1', resource: 'deployments', namespace, name };
  return { verb: 'patch', target, body, options: { fieldManager: 'skyflo' } };
}

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this suite through Jest's int project`);
  return value;
}
