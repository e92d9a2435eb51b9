import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { nodeStats } from '../domain/node-stats.ts';
import { toNumber } from '../domain/quantity.ts';
import * as arg from './args.ts';
import { listAll } from './drain/read-node.ts';
import { findObject } from './find-object.ts';
import { type Look, readTool } from './tool.ts';

const args = z.strictObject({ name: arg.name.describe('Name of the node.'), cluster: arg.cluster });
const Metrics = z.looseObject({ usage: z.looseObject({ cpu: z.string(), memory: z.string() }) });

export const k8sNodeStats = readTool({
  name: 'k8s_node_stats',
  title: 'How full a node is',
  description:
    'CPU, memory and pods of one node: allocatable, requested, limits, used; its pressure conditions, taints and greediest pods.',
  toolset: 'node',
  args,
  read: async (asked, look) => {
    const [{ type, object }, pods, used] = await Promise.all([
      findObject({ kind: 'nodes', name: asked.name }, look),
      listAll(await look.cluster.discovery.resolve('pods'), look, `spec.nodeName=${asked.name}`),
      usedOf(asked.name, look),
    ]);
    return nodeStats(nameOf(type.kind, object.metadata), object, { pods, used });
  },
});

/** Undefined where the cluster has no metrics API, or none of this node: then it is said to be unknown. */
async function usedOf(name: string, { cluster, signal }: Look) {
  try {
    const metrics = await cluster.get(await cluster.discovery.resolve('nodes.metrics.k8s.io'), { name }, { signal });
    const { usage } = Metrics.parse(metrics);
    return { cpu: toNumber(usage.cpu) ?? 0, memory: toNumber(usage.memory) ?? 0 };
  } catch (error) {
    if (error instanceof Failure && !signal.aborted) return undefined;
    throw error;
  }
}
