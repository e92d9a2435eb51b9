import { Failure } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { z } from 'zod';
import { nodeUsages, podUsages, type Usage, usageTable } from '../domain/usage.ts';
import * as arg from './args.ts';
import { type Look, readTool } from './tool.ts';

const args = z.strictObject({
  of: z.enum(['pods', 'nodes']).default('pods'),
  name: arg.name.optional().describe('Only this one.'),
  namespace: arg.namespace.optional().describe('Namespace of the pods; leave out for all.'),
  label_selector: arg.labelled.optional(),
  containers: z.boolean().default(false).describe('A row per container.'),
  by: z.enum(['cpu', 'memory']).default('cpu').describe('The greediest first.'),
  limit: z.number().int().min(1).max(200).default(30),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

/** The metrics API knows no pages; this bounds what a proxy in front of it might. */
const most = 5000;

export const k8sTop = readTool({
  name: 'k8s_top',
  title: 'Resource usage',
  toolset: 'node',
  description:
    'CPU and memory that pods or nodes use now, the greediest first; of nodes also the share. Needs a metrics API in the cluster.',
  args,
  read: async (asked, look) => {
    const usages = await usagesOf(asked, look);
    if (usages.length === 0) return { text: `There are no metrics of such ${asked.of}.`, facts: { count: 0 } };
    const table = usageTable(usages, { header: headerOf(asked), by: asked.by, limit: asked.limit });
    return { text: table, facts: { count: usages.length } };
  },
});

async function usagesOf(asked: Args, look: Look): Promise<Usage[]> {
  const type = await metricsType(asked, look);
  if (asked.of === 'pods') {
    const listed = await metricsOf(type, asked, look);
    return podUsages(listed, { withNamespace: asked.namespace === undefined, perContainer: asked.containers });
  }
  const nodes = await look.cluster.discovery.resolve('nodes');
  const [listed, { items }] = await Promise.all([
    metricsOf(type, asked, look),
    look.cluster.list(nodes, { limit: most, signal: look.signal }),
  ]);
  return nodeUsages(listed, items);
}

async function metricsType({ of }: Args, { cluster }: Look): Promise<ResourceType> {
  return await cluster.discovery.resolve(`${of}.metrics.k8s.io`).catch((error: unknown) => {
    throw error instanceof Failure && error.code === 'KindUnknown'
      ? metricsMissing('has no metrics API', error)
      : error;
  });
}

async function metricsOf(type: ResourceType, asked: Args, { cluster, signal }: Look): Promise<readonly KubeObject[]> {
  const { name, namespace, label_selector: labelSelector } = asked;
  if (name !== undefined && type.namespaced && namespace === undefined)
    throw Failure.terminal('InvalidArguments', `namespace: pod ${name} is in a namespace; name it.`);
  try {
    if (name !== undefined)
      return [await cluster.get(type, { namespace: type.namespaced ? namespace : undefined, name }, { signal })];
    return (await cluster.list(type, { namespace, labelSelector, limit: most, signal })).items;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'ClusterError') throw error;
    throw metricsMissing('has a metrics API that does not answer', error);
  }
}

function metricsMissing(what: string, cause: Failure): Failure {
  const hint = 'What pods ask for and may use at most: k8s_get with fields .spec.containers[*].resources.';
  const message = `The cluster ${what}, so what is used cannot be seen: metrics-server is not installed or not well.`;
  return Failure.terminal('MetricsMissing', message, { cause, hint });
}

function headerOf({ of, namespace, containers }: Args): string[] {
  if (of === 'nodes') return ['name'];
  return [...(namespace === undefined ? ['namespace'] : []), 'name', ...(containers ? ['container'] : [])];
}
