import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { type Rollout, strategyOf } from './rollout.ts';

const ReplicaSet = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.looseObject({
    replicas: z.number().optional(),
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string().default('') })) }),
    }),
  }),
  status: z
    .looseObject({
      replicas: z.number().optional(),
      readyReplicas: z.number().optional(),
      availableReplicas: z.number().optional(),
    })
    .default({}),
});

/** What a rollout has of one template: its ReplicaSet, and what part it plays. */
export type Version = {
  readonly replicaSet: string;
  readonly revision: number;
  readonly hash: string;
  readonly roles: readonly ('stable' | 'canary' | 'active' | 'preview')[];
  readonly images: readonly string[];
  readonly wanted: number;
  readonly pods: number;
  readonly ready: number;
  readonly available: number;
};

/** The label that ReplicaSets and pods of a rollout carry, and that its status names them by. */
export const hashLabel = 'rollouts-pod-template-hash';

/** The versions of a rollout, the newest first, of the ReplicaSets it owns. */
export function versionsOf(rollout: Rollout, replicaSets: readonly KubeObject[]): Version[] {
  return replicaSets.map((object) => toVersion(rollout, object)).toSorted((a, b) => b.revision - a.revision);
}

function toVersion(rollout: Rollout, object: KubeObject): Version {
  const { metadata, spec, status } = ReplicaSet.parse(object);
  const hash = metadata.labels?.[hashLabel] ?? '';
  return {
    replicaSet: metadata.name,
    revision: Number(metadata.annotations?.['rollout.argoproj.io/revision'] ?? 0),
    hash,
    roles: rolesOf(rollout, hash),
    images: spec.template.spec.containers.map(({ image }) => image),
    wanted: spec.replicas ?? 0,
    pods: status.replicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  };
}

function rolesOf(rollout: Rollout, hash: string): Version['roles'] {
  if (hash === '') return [];
  const { stableRS, currentPodHash, blueGreen } = rollout.status;
  const stable = hash === stableRS ? (['stable'] as const) : [];
  if (strategyOf(rollout) === 'canary')
    return hash === currentPodHash && hash !== stableRS ? [...stable, 'canary'] : stable;
  return [
    ...stable,
    ...(hash === blueGreen?.activeSelector ? (['active'] as const) : []),
    ...(hash === blueGreen?.previewSelector && hash !== blueGreen?.activeSelector ? (['preview'] as const) : []),
  ];
}
