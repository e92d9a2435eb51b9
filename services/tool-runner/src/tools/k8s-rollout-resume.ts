import { nameOf } from '../domain/draft.ts';
import { withValue } from '../domain/edit.ts';
import { valueAt } from '../domain/json-pointer.ts';
import { toWorkload, wantedPods } from '../domain/workload.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkPlace, checkRollout } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { assertOwnMaster, gitOpsNotices } from './write/notices.ts';
import { pauseArgs, paused } from './write/pause.ts';
import { countPods, noPods } from './write/pods.ts';
import { replacementRisk } from './write/risk.ts';

export const k8sRolloutResume = writeTool({
  name: 'k8s_rollout_resume',
  title: 'Resume a rollout',
  toolset: 'rollout',
  description: 'Resumes a paused Deployment: what was changed meanwhile rolls out now. A person approves it first.',
  args: pauseArgs,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const wanted = { ...asked, kind: 'Deployment' };
    const { type, object } = await findObject(wanted, look);
    const target = nameOf(type.kind, object.metadata);
    assertOwnMaster(object, target, 'Resume');
    const workload = toWorkload(object);
    const pods = wantedPods(workload);
    const waiting = Math.max(0, pods - (workload.status?.updatedReplicas ?? 0));
    // `false` and nothing are the same here, and the server writes nothing.
    const desired = valueAt(object, paused) === true ? withValue(object, paused, undefined) : object;
    return {
      type,
      live: object,
      changes: differences(object, desired, `${target} is not paused`),
      effect: `Resume ${target}: what was changed while it was paused rolls out.`,
      risk: waiting > 0 ? replacementRisk(workload) : { level: 'low', reasons: ['Nothing waits to be rolled out.'] },
      blastRadius: {
        ...noPods,
        podsReplaced: waiting,
        summary: waiting > 0 ? `${countPods(waiting)} of the former template will be replaced.` : 'No pod is replaced.',
      },
      reversible: { possible: true, how: 'Pause it again; pods replaced until then stay replaced.' },
      warnings: gitOpsNotices(object),
      notKnownYet: waiting > 0 ? ['the names of the new pods and the nodes they will run on'] : [],
      checks: [
        checkRollout(wanted, `${pods} of ${countPods(pods)} rolled out`),
        checkPlace(wanted, desired, paused, `${target} is not paused any more`),
      ],
    };
  },
});
