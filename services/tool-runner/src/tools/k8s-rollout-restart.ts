import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { toPointer, valueAt } from '../domain/json-pointer.ts';
import { toWorkload, wantedPods } from '../domain/workload.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkField, checkRollout } from './write/checks.ts';
import { gitOpsNotices, onDeleteNotices } from './write/notices.ts';
import { replacementRisk } from './write/risk.ts';

const args = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']).default('Deployment'),
  name: arg.name,
  namespace: arg.inNamespace,
  cluster: arg.cluster,
});

/** kubectl's own annotation, so that both see each other's restarts. */
const restartedAt = 'kubectl.kubernetes.io/restartedAt';
const place = ['spec', 'template', 'metadata', 'annotations', restartedAt];

export const k8sRolloutRestart = writeTool({
  name: 'k8s_rollout_restart',
  title: 'Restart a workload',
  toolset: 'core',
  description:
    'Replaces all pods of a Deployment, StatefulSet or DaemonSet step by step, as kubectl rollout restart does. A person approves it first. It does not mend a wrong image or setting.',
  args,
  hints: { idempotent: false, destructive: true },
  plan: async (asked, look) => {
    const { type, object } = await findObject(asked, look);
    const workload = toWorkload(object);
    const target = nameOf(type.kind, object.metadata);
    if (workload.spec.paused === true)
      throw Failure.terminal('Paused', `${target} is paused, so a restart would not happen.`, {
        hint: 'Resume it first.',
      });
    const pods = wantedPods(workload);
    // Fixed now: what is approved is what is sent, however much later.
    const time = look
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const from = valueAt(object, place);
    return {
      type,
      live: object,
      changes: [{ path: toPointer(place), from: typeof from === 'string' ? from : null, to: time }],
      effect: `Restart ${target}: replace its ${pods === 1 ? 'pod' : `${pods} pods`}.`,
      risk: replacementRisk(workload),
      blastRadius: { summary: `All ${pods} pods are replaced.`, podsReplaced: pods, podsAdded: 0, podsRemoved: 0 },
      reversible: { possible: false, how: 'The old pods are gone; the new ones are made from the same template.' },
      warnings: [...onDeleteNotices(target, workload), ...gitOpsNotices(object)],
      notKnownYet: ['the names of the new pods and the nodes they will run on'],
      checks: [
        checkRollout(asked, `${pods} of ${pods} pods replaced and ready`),
        checkField(
          asked,
          `.spec.template.metadata.annotations['${restartedAt}']`,
          time,
          `the restart of ${time} stands as approved`,
        ),
      ],
    };
  },
});
