import { nameOf } from '../domain/draft.ts';
import { withValue } from '../domain/edit.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkPlace } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { nodeArgs, otherOpenNodes, podsOn, unschedulable } from './write/node.ts';
import { countPods, noPods } from './write/pods.ts';

export const k8sCordon = writeTool({
  name: 'k8s_cordon',
  title: 'Cordon a node',
  toolset: 'node',
  description: 'Keeps new pods off a node; pods on it stay. A person approves it first.',
  args: nodeArgs,
  hints: { idempotent: true, destructive: false },
  plan: async (asked, look) => {
    const wanted = { ...asked, kind: 'Node' };
    const { type, object } = await findObject(wanted, look);
    const target = nameOf(type.kind, object.metadata);
    const desired = withValue(object, unschedulable, true);
    const changes = differences(object, desired, `${target} is cordoned already`);
    const [pods, others] = await Promise.all([podsOn(asked.name, look), otherOpenNodes(asked.name, look)]);
    const isLast = others === 0;
    const last = `No other node takes new pods: every pod that is made anew will wait.`;
    return {
      type,
      live: object,
      changes,
      effect: `Cordon ${target}: no new pods are scheduled on it.`,
      risk: isLast
        ? { level: 'high', reasons: [last] }
        : { level: 'low', reasons: ['Pods on it run on; new ones go to other nodes.'] },
      blastRadius: {
        ...noPods,
        summary: pods === undefined ? 'Pods on it stay.' : `${countPods(pods.length)} on it stay.`,
      },
      reversible: { possible: true, how: 'Uncordon it.' },
      warnings: isLast ? [{ code: 'LastOpenNode', message: last }] : [],
      notKnownYet: others === undefined ? ['whether other nodes take new pods: they could not be looked at'] : [],
      checks: [checkPlace(wanted, desired, unschedulable, `${target} is cordoned as approved`)],
    };
  },
});
