import { Failure } from '@skyflo/contracts';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { nameOf } from './draft.ts';

/** What keeps the cluster, and us in it, running. */
const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'skyflo']);

export function isSystemNamespace(name: string | undefined): boolean {
  return systemNamespaces.has(name ?? '');
}

/** Kinds that take a whole world with them: no list on a card could show what a person would be agreeing to. */
const wholesale: { readonly [kind: string]: string } = {
  Namespace: 'everything in it',
  Node: 'the machine and every pod on it',
  PersistentVolume: 'the data on it',
  CustomResourceDefinition: 'every object of its kind',
  APIService: 'a part of the API',
};

/** Refuses deletes that no approval here is good enough for. */
export function assertMayBeDeleted(type: ResourceType, { metadata }: KubeObject): void {
  const target = nameOf(type.kind, metadata);
  const takes = wholesale[type.kind];
  if (takes !== undefined)
    throw Failure.terminal('TooMuchAtOnce', `${target} is not deleted from here: ${takes} would go with it.`, {
      hint: 'Delete single objects in it, or do this with kubectl.',
    });
  if (isSystemNamespace(metadata.namespace))
    throw Failure.terminal('SystemNamespace', `${target} is not deleted from here: the cluster depends on it.`);
}

/** Refuses what reaches into, or adds to, what keeps the cluster running. */
export function assertNotSystem(namespace: string | undefined, target: string): void {
  if (systemNamespaces.has(namespace ?? ''))
    throw Failure.terminal(
      'SystemNamespace',
      `${target} is not touched from here: the cluster depends on what is there.`,
    );
}
