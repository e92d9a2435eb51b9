import { Failure, type Plan } from '@skyflo/contracts';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { toWorkload } from '../domain/workload.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkField, checkRollout } from './write/checks.ts';
import { assertOwnMaster, autoscalerNotices, gitOpsNotices } from './write/notices.ts';

const kinds = ['Deployment', 'StatefulSet', 'ReplicaSet'] as const;

const args = z.strictObject({
  kind: z.enum(kinds).default('Deployment'),
  name: arg.name,
  namespace: arg.inNamespace,
  replicas: z.number().int().min(0).max(1000).describe('How many pods there should be.'),
  cluster: arg.cluster,
});

export const k8sScale = writeTool({
  name: 'k8s_scale',
  title: 'Scale a workload',
  toolset: 'core',
  description:
    'Sets how many pods a Deployment, StatefulSet or ReplicaSet should have. A person sees the change and approves it before it is made; 0 stops the workload.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const { type, object } = await findObject(asked, look);
    const target = nameOf(type.kind, object.metadata);
    assertOwnMaster(object, target, 'Scale');
    const from = toWorkload(object).spec.replicas ?? 1;
    const to = asked.replicas;
    if (from === to)
      throw Failure.terminal('AlreadySo', `${target} already wants ${pods(to)}; there is nothing to change.`);
    const autoscaled = await autoscalerNotices(type, object, look);
    return {
      type,
      live: object,
      changes: [{ path: '/spec/replicas', from, to }],
      effect: `Scale ${target} from ${from} to ${pods(to)}.`,
      risk: riskOf(from, to),
      blastRadius: {
        summary: to > from ? `${pods(to - from)} will be started.` : `${pods(from - to)} will be ended.`,
        podsAdded: Math.max(0, to - from),
        podsRemoved: Math.max(0, from - to),
        podsReplaced: 0,
      },
      reversible: { possible: true, how: `Scale it back to ${from}.` },
      warnings: [...autoscaled, ...gitOpsNotices(object)],
      notKnownYet:
        to > from ? ['the names of the new pods and the nodes they will run on'] : ['which pods will be ended'],
      checks: [
        checkRollout(asked, `${to} of ${pods(to)} ready`),
        checkField(asked, '.spec.replicas', to, `spec.replicas is ${to} as approved`),
      ],
    };
  },
});

function riskOf(from: number, to: number): Plan['risk'] {
  if (to === 0)
    return { level: 'high', reasons: ['It stops the workload: nothing of it runs until it is scaled up again.'] };
  if (to < from) return { level: 'medium', reasons: [`${pods(from - to)} fewer have to carry the load.`] };
  const reasons = to > from * 3 && to - from > 5 ? ['It grows to more than three times its size at once.'] : [];
  return { level: reasons.length > 0 ? 'medium' : 'low', reasons };
}

function pods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}
