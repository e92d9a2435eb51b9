import { Failure } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import type { Look } from './tool.ts';

export type Wanted = { readonly kind: string; readonly name: string; readonly namespace?: string | undefined };
export type Found = { readonly type: ResourceType; readonly object: KubeObject };

/** One object by the words of the arguments. A namespaced kind needs its namespace: guessing `default` hides mistakes. */
export async function findObject(wanted: Wanted, { cluster, signal }: Look): Promise<Found> {
  const type = await cluster.discovery.resolve(wanted.kind);
  const namespace = type.namespaced ? wanted.namespace : undefined;
  if (type.namespaced && namespace === undefined)
    throw Failure.terminal('InvalidArguments', `namespace: ${type.kind} ${wanted.name} is in a namespace; name it.`);
  return { type, object: await cluster.get(type, { namespace, name: wanted.name }, { signal }) };
}
