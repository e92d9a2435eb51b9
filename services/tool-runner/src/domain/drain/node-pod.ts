import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { Condition } from '../condition.ts';

/** A pod as far as a drain asks about it. */
const NodePod = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    deletionTimestamp: z.string().nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
    annotations: z.record(z.string(), z.string()).nullish(),
    ownerReferences: z
      .array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().nullish() }))
      .nullish(),
  }),
  spec: z.looseObject({
    volumes: z.array(z.looseObject({ name: z.string(), emptyDir: z.unknown().optional() })).nullish(),
  }),
  status: z.looseObject({ phase: z.string().optional(), conditions: z.array(Condition).nullish() }).optional(),
});
export type NodePod = z.infer<typeof NodePod>;

export function toNodePod(object: KubeObject): NodePod {
  return NodePod.parse(object);
}

/** Written by a kubelet for what it runs from its own disk: the object is a picture, evicting it does nothing. */
const mirrorAnnotation = 'kubernetes.io/config.mirror';

export function isMirror({ metadata }: NodePod): boolean {
  return metadata.annotations?.[mirrorAnnotation] !== undefined;
}

export function hasEnded({ status }: NodePod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function isReady({ status }: NodePod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

export function makerOf({ metadata }: NodePod) {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** Names of the volumes whose content lives and dies with the pod. */
export function scratchOf({ spec }: NodePod): string[] {
  return (spec.volumes ?? []).filter(({ emptyDir }) => emptyDir != null).map(({ name }) => name);
}

export function pathOf({ metadata }: NodePod): string {
  return `${metadata.namespace}/${metadata.name}`;
}
