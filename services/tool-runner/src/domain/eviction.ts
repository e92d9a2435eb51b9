import { Failure } from '@skyflo/contracts';
import type { KubeObject, WriteRequest } from '@skyflo/kube';
import { z } from 'zod';

/**
 * One pod asked to leave through the Eviction API, which keeps to PodDisruptionBudgets. The uid is its precondition: a late
 * duplicate meets another pod under the name, or none, and does nothing.
 */
export function evictionRequest({ metadata }: KubeObject): WriteRequest {
  const { namespace, name, uid } = metadata;
  if (uid === undefined) throw Failure.terminal('Unsupported', `Pod ${name} has no uid.`);
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  };
  return {
    verb: 'create',
    target: { group: '', version: 'v1', resource: 'pods', namespace, name },
    subresource: 'eviction',
    body: JSON.stringify(body),
    options: {},
  };
}

const Body = z.object({ deleteOptions: z.object({ preconditions: z.object({ uid: z.string() }) }) });

export function evictedUid({ body }: WriteRequest): string {
  return Body.parse(JSON.parse(body)).deleteOptions.preconditions.uid;
}
