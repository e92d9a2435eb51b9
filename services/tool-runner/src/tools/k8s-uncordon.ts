import { nameOf } from '../domain/draft.ts';
import { withValue } from '../domain/edit.ts';
import { valueAt } from '../domain/json-pointer.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkPlace } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { nodeArgs, unschedulable } from './write/node.ts';
import { noPods } from './write/pods.ts';

export const k8sUncordon = writeTool({
  name: 'k8s_uncordon',
  title: 'Uncordon a node',
  toolset: 'node',
  description: 'Lets new pods onto a cordoned node again. A person approves it first.',
  args: nodeArgs,
  hints: { idempotent: true, destructive: false },
  plan: async (asked, look) => {
    const wanted = { ...asked, kind: 'Node' };
    const { type, object } = await findObject(wanted, look);
    const target = nameOf(type.kind, object.metadata);
    // `false` and nothing are the same here, and the server writes nothing.
    const desired = valueAt(object, unschedulable) === true ? withValue(object, unschedulable, undefined) : object;
    return {
      type,
      live: object,
      changes: differences(object, desired, `${target} takes new pods`),
      effect: `Uncordon ${target}: new pods may be scheduled on it.`,
      risk: { level: 'low', reasons: ['Pods that wait for a node may start on it at once.'] },
      blastRadius: { ...noPods, summary: 'No pod is moved; waiting pods may start.' },
      reversible: { possible: true, how: 'Cordon it again; pods that came meanwhile stay.' },
      warnings: [],
      notKnownYet: ['which pods will come'],
      checks: [checkPlace(wanted, desired, unschedulable, `${target} takes new pods again`)],
    };
  },
});
