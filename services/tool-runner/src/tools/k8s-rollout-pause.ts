import { nameOf } from '../domain/draft.ts';
import { withValue } from '../domain/edit.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkPlace } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { assertOwnMaster, gitOpsNotices } from './write/notices.ts';
import { pauseArgs, paused } from './write/pause.ts';
import { noPods } from './write/pods.ts';

export const k8sRolloutPause = writeTool({
  name: 'k8s_rollout_pause',
  title: 'Pause a rollout',
  toolset: 'rollout',
  description:
    'Pauses a Deployment: changes of its pods are not rolled out until it is resumed, and a rollout that runs stops where it is. A person approves it first.',
  args: pauseArgs,
  hints: { idempotent: true, destructive: false },
  plan: async (asked, look) => {
    const wanted = { ...asked, kind: 'Deployment' };
    const { type, object } = await findObject(wanted, look);
    const target = nameOf(type.kind, object.metadata);
    assertOwnMaster(object, target, 'Pause');
    const desired = withValue(object, paused, true);
    return {
      type,
      live: object,
      changes: differences(object, desired, `${target} is paused already`),
      effect: `Pause ${target}: nothing of it rolls out until it is resumed.`,
      risk: { level: 'low', reasons: ['Its pods stay as they are. Scaling still works.'] },
      blastRadius: { ...noPods, summary: 'No pod is ended or started.' },
      reversible: { possible: true, how: 'Resume it.' },
      warnings: gitOpsNotices(object),
      notKnownYet: [],
      checks: [checkPlace(wanted, desired, paused, `${target} is paused as approved`)],
    };
  },
});
