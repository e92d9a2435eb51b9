import { Failure, type Notice, type Plan } from '@skyflo/contracts';
import { z } from 'zod';
import { chooseContainerOf, containersOf } from '../domain/containers.ts';
import { nameOf } from '../domain/draft.ts';
import { isLess, type ResourceChange, resourceChanges, resourceName, withResources } from '../domain/resources.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkChanges } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { newTemplate } from './write/new-template.ts';
import { assertOwnMaster, autoscalerOf, gitOpsNotices } from './write/notices.ts';

const amounts = z
  .record(z.string().min(1).max(253).regex(resourceName, 'no resource'), z.string().min(1).max(30).nullable())
  .refine((all) => Object.keys(all).length <= 10, 'at most 10')
  .optional();

const args = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']).default('Deployment'),
  name: arg.name,
  namespace: arg.inNamespace,
  container: arg.container.optional().describe('Needed where there are several containers.'),
  requests: amounts.describe('Such as {"cpu": "250m", "memory": "256Mi"}; null takes one away.'),
  limits: amounts,
  cluster: arg.cluster,
});

export const k8sSetResources = writeTool({
  name: 'k8s_set_resources',
  title: 'Set resources',
  toolset: 'edit',
  description:
    'Sets requests and limits of one container of a workload; those not named stay. Its pods are replaced step by step. A person approves it first. Look at k8s_top before you lower any.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    if (Object.keys({ ...asked.requests, ...asked.limits }).length === 0)
      throw Failure.terminal('InvalidArguments', 'requests: nothing is to be changed; name requests or limits.');
    const { type, object } = await findObject(asked, look);
    const target = nameOf(type.kind, object.metadata);
    assertOwnMaster(object, target, 'Set the resources of');
    const { container, path } = chooseContainerOf(containersOf(object), asked.container, target);
    const wanted = resourceChanges(object, path, asked);
    const desired = withResources(object, path, wanted);
    const changes = differences(object, desired, `Container ${container} of ${target} has these resources already`);
    const real = wanted.filter(({ from, to }) => from !== to);
    const rollout = newTemplate(object, asked);
    const autoscaler = await autoscalerOf(type, object, look);
    return {
      type,
      live: object,
      changes,
      effect: `Set resources of container ${container} in ${target}: ${real.map(told).join(', ')}.`,
      risk: riskOf(rollout.risk, real),
      blastRadius: rollout.blastRadius,
      reversible: { possible: true, how: 'Set the former amounts again; they are shown here.' },
      warnings: [...measuringNotices(autoscaler, real), ...rollout.warnings, ...gitOpsNotices(object)],
      notKnownYet: ['whether nodes have room for the new pods', ...rollout.notKnownYet],
      checks: [
        ...rollout.checks('run with the new resources'),
        ...checkChanges(asked, desired, changes, `the resources of ${container} are as approved`),
      ],
    };
  },
});

function told({ side, resource, from, to }: ResourceChange): string {
  const what = `${resource} ${side === 'requests' ? 'request' : 'limit'}`;
  return `${what} from ${from ?? 'none'} to ${to ?? 'none'}`;
}

/** Less of what they may use can end containers that ran well so far; less of what is kept for them, only under pressure. */
function riskOf(risk: Plan['risk'], changes: readonly ResourceChange[]): Plan['risk'] {
  const less = changes.filter(isLess);
  const reasons = less.map(({ side, resource }) =>
    side === 'requests'
      ? `Less ${resource} is kept free for its pods on their nodes.`
      : resource === 'memory'
        ? 'Containers that need more memory than the new limit are killed.'
        : `Its containers get less ${resource} than before.`,
  );
  if (reasons.length === 0) return risk;
  return { level: risk.level === 'high' ? 'high' : 'medium', reasons: [...reasons, ...risk.reasons] };
}

function measuringNotices(autoscaler: string | undefined, changes: readonly ResourceChange[]): Notice[] {
  if (autoscaler === undefined || !changes.some(({ side }) => side === 'requests')) return [];
  const message = `HorizontalPodAutoscaler ${autoscaler} may measure use against the requests, and would then scale otherwise.`;
  return [{ code: 'AutoscalerMeasuresRequests', message }];
}
