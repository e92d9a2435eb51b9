import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { withValue } from './edit.ts';

const Metric = z.looseObject({
  type: z.string(),
  resource: z
    .looseObject({
      name: z.string(),
      target: z.looseObject({ type: z.string(), averageUtilization: z.number().optional() }),
    })
    .optional(),
});
const Autoscaler = z.looseObject({
  spec: z.looseObject({
    scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().optional(),
    maxReplicas: z.number(),
    metrics: z.array(Metric).nullish(),
  }),
  status: z.looseObject({ currentReplicas: z.number().optional() }).optional(),
});
export type Autoscaler = z.infer<typeof Autoscaler>;

export type AutoscalerWish = {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly cpu_percent?: number | undefined;
  readonly memory_percent?: number | undefined;
};

/** A HorizontalPodAutoscaler of autoscaling/v2. */
export function toAutoscaler(object: KubeObject): Autoscaler {
  const parsed = Autoscaler.safeParse(object);
  if (parsed.success) return parsed.data;
  throw Failure.terminal('Unsupported', `HorizontalPodAutoscaler ${object.metadata.name} is not of autoscaling/v2.`);
}

export function withAutoscaling(object: KubeObject, { spec }: Autoscaler, wish: AutoscalerWish): KubeObject {
  const { min = spec.minReplicas ?? 1, max = spec.maxReplicas } = wish;
  if (min > max) throw Failure.terminal('InvalidArguments', `min: ${min} is more than the max of ${max}.`);
  const places: [string[], number | undefined][] = [
    [['spec', 'minReplicas'], wish.min],
    [['spec', 'maxReplicas'], wish.max],
    ...(['cpu', 'memory'] as const).map((name): [string[], number | undefined] => {
      const percent = wish[`${name}_percent`];
      return [percent === undefined ? [] : targetPlace(spec.metrics ?? [], name), percent];
    }),
  ];
  return places.reduce((made, [keys, value]) => (value === undefined ? made : withValue(made, keys, value)), object);
}

/** Only a target that is there is changed: what an autoscaler scales by is for who wrote it. */
function targetPlace(metrics: readonly z.infer<typeof Metric>[], name: 'cpu' | 'memory'): string[] {
  const at = metrics.findIndex(
    ({ type, resource }) => type === 'Resource' && resource?.name === name && resource.target.type === 'Utilization',
  );
  if (at >= 0) return ['spec', 'metrics', String(at), 'resource', 'target', 'averageUtilization'];
  const has = metrics.map(({ type, resource }) => (resource ? `${resource.name} (${resource.target.type})` : type));
  throw Failure.terminal(
    'InvalidArguments',
    `${name}_percent: it does not scale by ${name} utilization; it scales by ${has.join(', ') || 'cpu, the default'}.`,
    { hint: 'Change its metrics with k8s_patch.' },
  );
}

/** How many pods it has to start or end at once to be within its bounds. */
export function forced({ spec, status }: Autoscaler, wish: AutoscalerWish): { added: number; removed: number } {
  const { min = spec.minReplicas ?? 1, max = spec.maxReplicas } = wish;
  const current = status?.currentReplicas ?? 0;
  // An autoscaler leaves a workload alone that was scaled to nothing.
  if (current === 0) return { added: 0, removed: 0 };
  return { added: Math.max(0, min - current), removed: Math.max(0, current - max) };
}
