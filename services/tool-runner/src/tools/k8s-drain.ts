import { Failure, type Notice, type Plan } from '@skyflo/contracts';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { budgetLine } from '../domain/drain/budgets.ts';
import { withValue } from '../domain/edit.ts';
import { changeList } from '../domain/change-list.ts';
import * as arg from './args.ts';
import { consentArgs, consentOf } from './drain/consent.ts';
import { type NodeView, readNode } from './drain/read-node.ts';
import { writeTool } from './tool.ts';
import { otherOpenNodes, unschedulable } from './write/node.ts';
import { checkPlace } from './write/checks.ts';
import { countPods, noPods } from './write/pods.ts';

const args = z.strictObject({
  name: arg.name.describe('Name of the node.'),
  ...consentArgs,
  timeout_s: z
    .number()
    .int()
    .min(10)
    .max(1800)
    .default(300)
    .describe('Give up asking for pods that are held after this.'),
  cluster: arg.cluster,
});

export const k8sDrain = writeTool({
  name: 'k8s_drain',
  title: 'Drain a node',
  toolset: 'node',
  description:
    'Cordons a node and evicts its pods, keeping to disruption budgets; nothing is ever deleted by force. DaemonSet pods stay. A person sees every pod and approves first. Undo with k8s_uncordon.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const [view, others] = await Promise.all([
      readNode(asked.name, consentOf(asked), look),
      otherOpenNodes(asked.name, look),
    ]);
    const { type, object } = view.node;
    const target = nameOf(type.kind, object.metadata);
    assertNothingInTheWay(target, view);
    const desired = withValue(object, unschedulable, true);
    const changes = changeList(object, desired);
    const count = view.leaving.length;
    if (changes.length + count === 0)
      throw Failure.terminal(
        'AlreadySo',
        `${target} is cordoned, and there is no pod to evict; nothing is to be done.`,
      );
    const check = { ...asked, kind: type.kind };
    return {
      type,
      live: object,
      changes,
      evictions: { type: view.podType, pods: view.leaving.map((pod) => pod.object), withinSeconds: asked.timeout_s },
      effect: `Drain ${target}: no new pods on it, and ${countPods(count)} evicted from it.`,
      risk: riskOf(view, others),
      blastRadius: blastRadiusOf(view),
      reversible: { possible: true, how: `Uncordon ${target}; pods that left do not come back by themselves.` },
      warnings: noticesOf(view, others),
      notKnownYet: [
        ...(count > 0 ? ['the nodes their replacements run on, and how long budgets hold the others'] : []),
        'pods that come to the node before it is cordoned: they are left alone',
        ...(others === undefined ? ['whether other nodes take new pods: they could not be looked at'] : []),
      ],
      checks: [
        checkPlace(check, desired, unschedulable, `${target} is cordoned as approved`),
        {
          tool: 'k8s_drain_plan',
          args: { name: asked.name, ...(asked.cluster === undefined ? {} : { cluster: asked.cluster }) },
          expected: `no pod is left to evict from ${target}`,
          facts: { toEvict: 0, inTheWay: 0 },
        },
      ],
    };
  },
});

/** As kubectl does: before the first pod is asked to leave, or the node would be left half empty for nothing. */
function assertNothingInTheWay(target: string, { inTheWay, ambiguous }: NodeView): void {
  const reasons = [
    ...inTheWay.map(({ path, why }) => `${path}: ${why}`),
    ...ambiguous.map((path) => `${path}: several disruption budgets choose it, so the cluster never evicts it`),
  ];
  if (reasons.length === 0) return;
  const shown = reasons.slice(0, 10).join('. ');
  const rest = reasons.length > 10 ? ` And ${reasons.length - 10} more.` : '';
  throw Failure.terminal('PodsInTheWay', `${target} cannot be drained like this. ${shown}.${rest}`, {
    hint: 'Ask the person whether these pods may be lost, or move them first. k8s_drain_plan shows all.',
  });
}

function riskOf(view: NodeView, others: number | undefined): Plan['risk'] {
  const lost = view.leaving.filter(({ maker, scratch }) => maker === undefined || scratch.length > 0);
  const reasons = [
    ...(others === 0 ? ['No other node takes new pods: what leaves will not run anywhere.'] : []),
    ...(lost.length > 0 ? [`${countPods(lost.length)} or their data do not come back.`] : []),
  ];
  if (reasons.length > 0) return { level: 'high', reasons };
  return view.leaving.length > 0
    ? { level: 'medium', reasons: ['Pods are ended here and made anew elsewhere, as far as budgets allow.'] }
    : { level: 'low', reasons: ['No pod has to leave.'] };
}

function blastRadiusOf({ leaving, staying }: NodeView): Plan['blastRadius'] {
  const podsReplaced = leaving.filter(({ maker }) => maker !== undefined).length;
  const podsRemoved = leaving.length - podsReplaced;
  const parts = [
    `${countPods(leaving.length)} evicted`,
    ...(podsRemoved > 0 ? [`${podsRemoved} of them not made anew`] : []),
    ...(staying.length > 0 ? [`${countPods(staying.length)} stay`] : []),
  ];
  return { ...noPods, podsReplaced, podsRemoved, summary: `${parts.join(', ')}.` };
}

function noticesOf({ held, leaving }: NodeView, others: number | undefined): Notice[] {
  const lost = leaving.filter(({ scratch }) => scratch.length > 0).map(({ pod }) => pod.metadata.name);
  return [
    ...(others === 0 ? [{ code: 'LastOpenNode', message: 'No other node takes new pods.' }] : []),
    ...held
      .filter(({ allowed, pods }) => allowed < pods)
      .map((one) => ({ code: 'HeldByBudget', message: `${budgetLine(one)}.` })),
    ...(lost.length > 0
      ? [{ code: 'DataMayBeLost', message: `What is in an emptyDir is lost: ${lost.join(', ')}.` }]
      : []),
  ];
}
