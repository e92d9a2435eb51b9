import type { Plan } from '@skyflo/contracts';
import type { KubeObject, ResourceType, WriteRequest } from '@skyflo/kube';
import { objectRefOf } from '../draft.ts';
import { evictionRequest } from '../eviction.ts';
import { toDiffYaml } from '../yaml-text.ts';

/** The pods that are to leave once the change of a draft was made. */
export type EvictionDraft = {
  readonly type: ResourceType;
  readonly pods: readonly KubeObject[];
  readonly withinSeconds: number;
};

/** The plan with a request per pod: who approves it sees each of them, and only these uids are ever evicted. */
export function withEvictions(plan: Plan, { type, pods }: EvictionDraft, digestOf: (body: string) => string): Plan {
  const requests = pods.map((pod) => ({
    verb: 'create' as const,
    object: objectRefOf(type, pod),
    absent: false,
    subresource: 'eviction',
    bytesDigest: digestOf(evictionRequest(pod).body),
    options: {},
  }));
  const changes = pods.map((pod) => ({
    object: objectRefOf(type, pod),
    changes: [],
    before: toDiffYaml(headOf(pod)),
    after: '',
  }));
  return { ...plan, requests: [...plan.requests, ...requests], changes: [...plan.changes, ...changes] };
}

export function requestsOf({ pods }: EvictionDraft): WriteRequest[] {
  return pods.map(evictionRequest);
}

/** Enough to know a pod by: a node holds a hundred, and what they are made of does not change. */
function headOf({ apiVersion, kind, metadata, spec }: KubeObject): KubeObject {
  const { name, namespace, labels, ownerReferences } = metadata;
  const owners = ownerReferences?.map(({ kind: of, name: called }) => `${of} ${called}`).join(', ');
  const nodeName = typeof spec === 'object' && spec !== null && 'nodeName' in spec ? spec['nodeName'] : undefined;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(labels ? { labels } : {}) },
    ...(owners ? { owner: owners } : {}),
    ...(typeof nodeName === 'string' ? { spec: { nodeName } } : {}),
  };
}
