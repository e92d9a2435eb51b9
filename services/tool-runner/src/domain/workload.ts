import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';

const Condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

/** What Deployment, StatefulSet, DaemonSet and ReplicaSet have in common, as far as tools read it. */
export const Workload = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), generation: z.number().optional() }),
  spec: z.looseObject({
    replicas: z.number().optional(),
    paused: z.boolean().optional(),
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).optional() }).optional(),
    strategy: z.looseObject({ type: z.string().optional() }).optional(),
    updateStrategy: z
      .looseObject({
        type: z.string().optional(),
        rollingUpdate: z.looseObject({ partition: z.number().optional() }).nullish(),
      })
      .optional(),
  }),
  status: z
    .looseObject({
      observedGeneration: z.number().optional(),
      replicas: z.number().optional(),
      updatedReplicas: z.number().optional(),
      readyReplicas: z.number().optional(),
      availableReplicas: z.number().optional(),
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
      desiredNumberScheduled: z.number().optional(),
      currentNumberScheduled: z.number().optional(),
      updatedNumberScheduled: z.number().optional(),
      numberReady: z.number().optional(),
      numberAvailable: z.number().optional(),
      conditions: z.array(Condition).optional(),
    })
    .optional(),
});
export type Workload = z.infer<typeof Workload>;

export function toWorkload(object: KubeObject): Workload {
  const parsed = Workload.safeParse(object);
  if (parsed.success) return parsed.data;
  throw Failure.terminal('Unsupported', `${object.kind} ${object.metadata.name} is no workload with pods.`);
}

/** How many pods it should have: Kubernetes' default is one. */
export function wantedPods({ kind, spec, status }: Workload): number {
  return kind === 'DaemonSet' ? (status?.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1);
}

export type RolloutState = {
  readonly done: boolean;
  /** It cannot go on by itself: the deadline of the Deployment has passed. */
  readonly stuck: boolean;
  readonly wanted: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly message: string;
};

/**
 * How far a rollout has come, by the rules of `kubectl rollout status` (polymorphichelpers/rollout_status.go): only once the
 * controller has seen the newest spec do its numbers mean anything.
 */
export function rolloutState(workload: Workload): RolloutState {
  const { metadata, status = {} } = workload;
  const wanted = wantedPods(workload);
  const ready = status.readyReplicas ?? status.numberReady ?? 0;
  const updated = status.updatedReplicas ?? status.updatedNumberScheduled ?? 0;
  const available = status.availableReplicas ?? status.numberAvailable ?? 0;
  const numbers = { wanted, updated, ready, available };
  const expired = status.conditions?.find(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return { ...numbers, done: false, stuck: false, message: 'the controller has not seen the newest spec yet' };
  if (expired)
    return {
      ...numbers,
      done: false,
      stuck: true,
      message: `it is stuck: ${expired.message ?? 'its progress deadline has passed'}`,
    };
  const waiting = waitingFor(workload, numbers);
  return {
    ...numbers,
    done: waiting === undefined,
    stuck: false,
    message: waiting ?? `${ready} of ${wanted} pods ready`,
  };
}

type Numbers = Pick<RolloutState, 'wanted' | 'updated' | 'ready' | 'available'>;

function waitingFor(workload: Workload, { wanted, updated, ready, available }: Numbers): string | undefined {
  const { kind, spec, status = {} } = workload;
  if (kind === 'StatefulSet') {
    if (ready < wanted) return `${ready} of ${wanted} pods ready`;
    const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    if (spec.updateStrategy?.type === 'OnDelete' || status.updateRevision === status.currentRevision) return undefined;
    return partition > 0 && updated >= wanted - partition
      ? undefined
      : `${updated} of ${wanted - partition} pods updated`;
  }
  if (kind === 'ReplicaSet')
    return ready < wanted ? `${ready} of ${wanted} pods ready` : surplus(status.replicas, wanted);
  if (updated < wanted) return `${updated} of ${wanted} pods updated`;
  if (kind === 'Deployment' && (status.replicas ?? 0) > updated)
    return `${(status.replicas ?? 0) - updated} old pods still end`;
  return available < (kind === 'Deployment' ? updated : wanted)
    ? `${available} of ${wanted} pods available`
    : undefined;
}

function surplus(replicas: number | undefined, wanted: number): string | undefined {
  return (replicas ?? 0) > wanted ? `${(replicas ?? 0) - wanted} pods still end` : undefined;
}
