import { Failure, type Plan } from '@skyflo/contracts';
import { z } from 'zod';
import { type Autoscaler, type AutoscalerWish, forced, toAutoscaler, withAutoscaling } from '../domain/autoscaler.ts';
import { nameOf } from '../domain/draft.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkChanges } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { assertOwnMaster, gitOpsNotices } from './write/notices.ts';
import { countPods, noPods } from './write/pods.ts';

const percent = z.number().int().min(1).max(1000).optional();

const args = z.strictObject({
  name: arg.name.describe('Name of the HorizontalPodAutoscaler.'),
  namespace: arg.inNamespace,
  min: z.number().int().min(1).max(1000).optional().describe('Fewest pods.'),
  max: z.number().int().min(1).max(1000).optional().describe('Most pods.'),
  cpu_percent: percent.describe('Average use to aim at, in percent of the requests.'),
  memory_percent: percent,
  cluster: arg.cluster,
});

export const k8sAutoscale = writeTool({
  name: 'k8s_autoscale',
  title: 'Change an autoscaler',
  toolset: 'edit',
  description:
    'Changes bounds and targets of an existing HorizontalPodAutoscaler; what is not named stays. A person approves it first.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const { min, max, cpu_percent, memory_percent } = asked;
    if ([min, max, cpu_percent, memory_percent].every((value) => value === undefined))
      throw Failure.terminal('InvalidArguments', 'min: nothing is to be changed; name min, max or a percentage.');
    const wanted = { ...asked, kind: 'horizontalpodautoscalers.autoscaling' };
    const { type, object } = await findObject(wanted, look);
    const target = nameOf(type.kind, object.metadata);
    assertOwnMaster(object, target, 'Change');
    const autoscaler = toAutoscaler(object);
    const desired = withAutoscaling(object, autoscaler, asked);
    const changes = differences(object, desired, `${target} is like this already`);
    const pods = forced(autoscaler, asked);
    return {
      type,
      live: object,
      changes,
      effect: `Change ${target}: ${told(autoscaler, asked)}.`,
      risk: riskOf(pods, asked, autoscaler),
      blastRadius: {
        ...noPods,
        podsAdded: pods.added,
        podsRemoved: pods.removed,
        summary: summaryOf(pods, autoscaler),
      },
      reversible: { possible: true, how: 'Set the former values again; they are shown here.' },
      warnings: gitOpsNotices(object),
      notKnownYet: ['how many pods there will be: the autoscaler decides by their load'],
      checks: checkChanges(wanted, desired, changes, `${target} is as approved`),
    };
  },
});

function told({ spec }: Autoscaler, { min, max, cpu_percent: cpu, memory_percent: memory }: AutoscalerWish): string {
  const parts = [
    ...(min === undefined ? [] : [`at least ${min} pods instead of ${spec.minReplicas ?? 1}`]),
    ...(max === undefined ? [] : [`at most ${max} instead of ${spec.maxReplicas}`]),
    ...(cpu === undefined ? [] : [`aim at ${cpu}% of the requested CPU`]),
    ...(memory === undefined ? [] : [`aim at ${memory}% of the requested memory`]),
  ];
  return parts.join(', ');
}

type Forced = ReturnType<typeof forced>;

function summaryOf({ added, removed }: Forced, { spec }: Autoscaler): string {
  const whose = `of ${spec.scaleTargetRef.kind} ${spec.scaleTargetRef.name}`;
  if (added > 0) return `${countPods(added)} ${whose} will be started to reach the new minimum.`;
  return removed > 0 ? `${countPods(removed)} ${whose} will be ended to keep to the new maximum.` : 'No pod at once.';
}

function riskOf({ removed }: Forced, wish: AutoscalerWish, { spec }: Autoscaler): Plan['risk'] {
  if (removed > 0) return { level: 'medium', reasons: [`${countPods(removed)} fewer have to carry the load.`] };
  const isTighter = (wish.max ?? spec.maxReplicas) < spec.maxReplicas;
  return isTighter
    ? { level: 'medium', reasons: ['It cannot grow as far as before under load.'] }
    : { level: 'low', reasons: ['It only changes what the autoscaler aims at.'] };
}
