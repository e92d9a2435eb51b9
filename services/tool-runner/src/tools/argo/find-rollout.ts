import { Failure } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { type Rollout, toRollout } from '../../domain/argo/rollout.ts';
import { controllerOf } from '../write/notices.ts';
import type { Look } from '../tool.ts';

export const argoKinds = { rollout: 'rollouts', experiment: 'experiments', analysisrun: 'analysisruns' } as const;
export type ArgoKind = keyof typeof argoKinds;

/** A kind of Argo Rollouts. A cluster without them is told so in words that say what is missing. */
export async function argoType(kind: ArgoKind, { cluster }: Pick<Look, 'cluster'>): Promise<ResourceType> {
  try {
    return await cluster.discovery.resolve(`${argoKinds[kind]}.argoproj.io`);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'KindUnknown') throw error;
    throw Failure.terminal('ArgoRolloutsMissing', 'Argo Rollouts is not installed in this cluster.', {
      hint: 'Deployments, StatefulSets and DaemonSets have the k8s_rollout tools.',
      cause: error,
    });
  }
}

export type Target = { readonly name: string; readonly namespace: string };
export type Found = { readonly type: ResourceType; readonly object: KubeObject };

export async function findArgo(kind: ArgoKind, { name, namespace }: Target, look: Look): Promise<Found> {
  const type = await argoType(kind, look);
  return { type, object: await look.cluster.get(type, { namespace, name }, { signal: look.signal }) };
}

export async function findRollout(target: Target, look: Look): Promise<Found & { readonly rollout: Rollout }> {
  const found = await findArgo('rollout', target, look);
  return { ...found, rollout: toRollout(found.object) };
}

/**
 * Objects of a kind that this one controls, of those with the labels it selects by, where it does: analyses and
 * experiments carry none that tell whose they are, so all of the namespace are looked through.
 */
export async function ownedBy(
  owner: KubeObject,
  { type, labelSelector }: { readonly type: ResourceType; readonly labelSelector?: string | undefined },
  { cluster, signal }: Look,
): Promise<KubeObject[]> {
  const { namespace, uid } = owner.metadata;
  const { items } = await cluster.list(type, { namespace, labelSelector, limit: most, signal });
  return items.filter(({ metadata }) => controllerOf(metadata)?.uid === uid);
}

const most = 500;
