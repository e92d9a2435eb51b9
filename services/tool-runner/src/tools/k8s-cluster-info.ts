import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { groupName, isBuiltIn } from '../domain/api-resources.ts';
import { summariseNamespaces, summariseNodes } from '../domain/cluster-summary.ts';
import * as arg from './args.ts';
import { type Look, readTool } from './tool.ts';

const args = z.strictObject({ cluster: arg.cluster });

/** More than this is not counted: the answer says so. */
const most = 1000;

export const k8sClusterInfo = readTool({
  name: 'k8s_cluster_info',
  title: 'About the cluster',
  toolset: 'core',
  description:
    'The cluster in short: version, nodes and those in trouble, namespaces, and what was installed besides Kubernetes. A good first look at one you do not know.',
  args,
  read: async (_, look) => {
    const [{ gitVersion, platform }, nodes, namespaces, types] = await Promise.all([
      look.cluster.version({ signal: look.signal }),
      all('nodes', look),
      all('namespaces', look),
      look.cluster.discovery.all(),
    ]);
    const { lines, total, ready } = summariseNodes(nodes.items);
    const added = [...new Set(types.filter(({ group }) => !isBuiltIn(group)).map(groupName))];
    const text = [
      `Kubernetes ${gitVersion}${platform === undefined ? '' : ` on ${platform}`}`,
      ...lines,
      ...summariseNamespaces(namespaces.items),
      `Installed APIs: ${added.length === 0 ? 'none besides those of Kubernetes' : added.join(', ')}`,
      ...(added.includes('metrics.k8s.io') ? [] : ['There is no metrics API, so k8s_top has nothing to show.']),
      ...(nodes.more || namespaces.more ? [`Only the first ${most} of a kind were counted.`] : []),
    ];
    return { text: text.join('\n'), facts: { version: gitVersion, nodes: total, nodesReady: ready } };
  },
});

async function all(kind: string, { cluster, signal }: Look): Promise<{ items: readonly KubeObject[]; more: boolean }> {
  const { items, continue: handle } = await cluster.list(await cluster.discovery.resolve(kind), {
    limit: most,
    signal,
  });
  return { items, more: handle !== undefined };
}
