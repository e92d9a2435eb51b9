import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import type { Look } from '../tool.ts';

export type Dependents = {
  readonly objects: readonly KubeObject[];
  /** Kinds of which not all could be looked at: there may be more. */
  readonly unseen: readonly string[];
};

/** Kinds that are commonly owned. The garbage collector knows every kind; looking through all would take minutes. */
const kinds = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'controllerrevisions.apps',
  'jobs.batch',
  'pods',
  'services',
  'endpointslices.discovery.k8s.io',
  'persistentvolumeclaims',
  'configmaps',
  'secrets',
];
const mostOfAKind = 1000;

/** Everything in its namespace that is owned by an object, directly or through others. */
export async function dependentsOf(owner: KubeObject, look: Look): Promise<Dependents> {
  const { namespace, uid } = owner.metadata;
  if (namespace === undefined || uid === undefined || owner.kind === 'Pod') return { objects: [], unseen: [] };
  const lists = await Promise.all(kinds.map((kind) => listOf(kind, namespace, look)));
  const all = lists.flatMap(({ items }) => items);
  const found = new Map<string, KubeObject>();
  for (let owners = new Set([uid]); owners.size > 0;) {
    const owned = all.filter(
      ({ metadata }) =>
        !found.has(metadata.uid ?? '') && metadata.ownerReferences?.some((reference) => owners.has(reference.uid)),
    );
    for (const object of owned) found.set(object.metadata.uid ?? '', object);
    owners = new Set(owned.map(({ metadata }) => metadata.uid ?? ''));
  }
  return { objects: [...found.values()], unseen: lists.flatMap(({ kind, whole }) => (whole ? [] : [kind])) };
}

/** `1 ReplicaSet and 3 Pods`. */
export function countByKind(objects: readonly KubeObject[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`);
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

async function listOf(kind: string, namespace: string, { cluster, signal }: Look) {
  try {
    const type = await cluster.discovery.resolve(kind);
    const { items, continue: more } = await cluster.list(type, { namespace, limit: mostOfAKind, signal });
    return { kind, items, whole: more === undefined };
  } catch (error) {
    if (error instanceof Failure && (error.code === 'Forbidden' || error.code === 'KindUnknown'))
      return { kind, items: [], whole: false };
    throw error;
  }
}
