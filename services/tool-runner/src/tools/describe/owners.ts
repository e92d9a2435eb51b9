import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { nameOf } from '../../domain/draft.ts';
import type { Look } from '../tool.ts';

/** Deeper chains than Pod, ReplicaSet, Deployment, operator's resource hardly exist; a circle must not hang us. */
const deepest = 5;

/** The chain of controllers above an object, the nearest first. An owner we may not read ends the chain by its name. */
export async function ownersOf(object: KubeObject, { cluster, signal }: Look): Promise<string[]> {
  const chain: string[] = [];
  let current: KubeObject | undefined = object;
  while (current && chain.length < deepest) {
    const owner = current.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (!owner) break;
    const { namespace }: KubeObject['metadata'] = current.metadata;
    chain.push(nameOf(owner.kind, { namespace, name: owner.name }));
    current = await readOwner(owner, namespace);
  }
  return chain;

  async function readOwner(
    owner: { readonly apiVersion: string; readonly kind: string; readonly name: string },
    namespace: string | undefined,
  ): Promise<KubeObject | undefined> {
    const [version = '', group = ''] = owner.apiVersion.split('/').toReversed();
    try {
      const type = await cluster.discovery.find({ group, version, kind: owner.kind });
      return await cluster.get(
        type,
        { namespace: type.namespaced ? namespace : undefined, name: owner.name },
        { signal },
      );
    } catch (error) {
      if (error instanceof Failure && !error.retryable) return undefined;
      throw error;
    }
  }
}
