import { accessOf, loadKubeconfig, openReadClient, openWriteClient, type WriteTarget } from '@skyflo/kube';

const group = 'metrics.k8s.io';
const version = 'v1beta1';
const kinds = [
  { plural: 'pods', kind: 'PodMetrics', scope: 'Namespaced' },
  { plural: 'nodes', kind: 'NodeMetrics', scope: 'Cluster' },
] as const;

/**
 * The metrics API as metrics-server serves it, but kept by the API server itself: two kinds of its group and version, with
 * objects of its form. Suites at the same time do not mind: `pods` and `nodes` mean those of the core group.
 */
export async function aMetricsApi(namespace: string) {
  const admin = await accessOf(await loadKubeconfig(process.env['SKYFLO_TEST_KUBECONFIG'] ?? ''));
  const writer = openWriteClient(admin, { impersonateSelf: false });
  const reader = openReadClient(admin);
  const send = async (verb: 'create' | 'delete', target: WriteTarget, body: object) => {
    const request = { verb, target, body: JSON.stringify(body), options: {} };
    const answer = await writer.send(request, { grantId: 'set-up' });
    return 'failure' in answer ? answer.failure : undefined;
  };
  const crd = (plural: string) => ({
    group: 'apiextensions.k8s.io',
    version: 'v1',
    resource: 'customresourcedefinitions',
    name: `${plural}.${group}`,
  });
  for (const { plural, kind, scope } of kinds) {
    const failure = await send('create', crd(plural), aDefinition(plural, kind, scope));
    if (failure) throw failure;
  }
  const put = async (resource: string, object: { metadata: { name: string; namespace?: string } }) => {
    const { name, namespace: place } = object.metadata;
    const kind = kinds.find(({ plural }) => plural === resource)?.kind;
    const whole = { apiVersion: `${group}/${version}`, kind, ...object };
    for (;;) {
      const failure = await send('create', { group, version, resource, namespace: place, name }, whole);
      if (!failure) return;
      // Until the new kind is served.
      if (failure.code !== 'NotFound') throw failure;
    }
  };
  const [node] = (await reader.list(await reader.discovery.resolve('nodes'), { limit: 1 })).items;
  const name = node?.metadata.name ?? '';
  await put('pods', aPod(namespace, 'cold', { main: { cpu: '10m', memory: '200Mi' } }));
  const hot = { main: { cpu: '500m', memory: '32Mi' }, side: { cpu: '50000000n', memory: '32768Ki' } };
  await put('pods', aPod(namespace, 'hot', hot));
  await put('nodes', { metadata: { name }, ...{ usage: { cpu: '1', memory: '1Gi' } } });
  return {
    node: name,
    async close() {
      for (const { plural } of kinds) await send('delete', crd(plural), { apiVersion: 'v1', kind: 'DeleteOptions' });
      await Promise.all([writer.close(), reader.close()]);
    },
  };
}

function aPod(namespace: string, name: string, usage: { readonly [container: string]: object }) {
  const containers = Object.entries(usage).map(([container, one]) => ({ name: container, usage: one }));
  return { metadata: { namespace, name, labels: { app: name } }, containers };
}

function aDefinition(plural: string, kind: string, scope: string) {
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
    },
    spec: {
      group,
      scope,
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
