import { Failure } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { type BudgetView, holdAgainst } from '../../domain/drain/budgets.ts';
import { makerOf, toNodePod } from '../../domain/drain/node-pod.ts';
import { type Consent, type Sorted, sortPods } from '../../domain/drain/sort-pods.ts';
import type { Look } from '../tool.ts';

export type NodeView = Sorted &
  BudgetView & {
    readonly node: { readonly type: ResourceType; readonly object: KubeObject };
    readonly podType: ResourceType;
  };

const pageSize = 500;

/** A node, what of it a drain would have leave, and what the budgets say to that. */
export async function readNode(name: string, consent: Consent, look: Look): Promise<NodeView> {
  const { cluster, signal } = look;
  const [type, podType] = await Promise.all([cluster.discovery.resolve('nodes'), cluster.discovery.resolve('pods')]);
  const object = await cluster.get(type, { name }, { signal });
  const pods = await listAll(podType, look, `spec.nodeName=${name}`);
  const sorted = sortPods(pods, { consent, daemonSets: await daemonSetsOf(pods, look) });
  const budgets = await listAll(await cluster.discovery.resolve('poddisruptionbudgets.policy'), look);
  const view = holdAgainst(
    budgets,
    sorted.leaving.map(({ pod }) => pod),
  );
  return { ...sorted, ...view, node: { type, object }, podType };
}

/** Uids of those that are still there: pods of one that is gone come back nowhere. */
async function daemonSetsOf(pods: readonly KubeObject[], { cluster, signal }: Look): Promise<ReadonlySet<string>> {
  const makers = pods.map(toNodePod).flatMap((pod) => {
    const maker = makerOf(pod);
    return maker?.kind === 'DaemonSet' ? [{ namespace: pod.metadata.namespace, ...maker }] : [];
  });
  const unique = [...new Map(makers.map((maker) => [maker.uid, maker])).values()];
  if (unique.length === 0) return new Set();
  const type = await cluster.discovery.resolve('daemonsets.apps');
  const found = await Promise.all(
    unique.map(async ({ namespace, name, uid }) => {
      const object = await cluster.get(type, { namespace, name }, { signal }).catch((error: unknown) => {
        if (error instanceof Failure && error.code === 'NotFound') return undefined;
        throw error;
      });
      return object?.metadata.uid === uid ? [uid] : [];
    }),
  );
  return new Set(found.flat());
}

/** Every page of a list. */
export async function listAll(
  type: ResourceType,
  { cluster, signal }: Look,
  fieldSelector?: string,
): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  let more: string | undefined;
  do {
    const page = await cluster.list(type, { limit: pageSize, fieldSelector, continue: more, signal });
    found.push(...page.items);
    more = page.continue;
  } while (more !== undefined);
  return found;
}
