import { Failure, type Notice, type Plan } from '@skyflo/contracts';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { chooseImage, type ContainerImage, imagesOf, splitImage } from '../domain/images.ts';
import { toPointer, toWords } from '../domain/json-pointer.ts';
import { toWorkload, wantedPods, type Workload } from '../domain/workload.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkField, checkRollout } from './write/checks.ts';
import { assertOwnMaster, gitOpsNotices, onDeleteNotices } from './write/notices.ts';
import { replacementRisk } from './write/risk.ts';

/** As the container runtimes read it: registry and path, then a tag or a digest. */
const reference = /^[a-zA-Z0-9][a-zA-Z0-9._-]*(:\d+)?(\/[a-zA-Z0-9._-]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

const args = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']).default('Deployment'),
  name: arg.name,
  namespace: arg.inNamespace,
  image: z.string().min(1).max(512).regex(reference, 'no image reference').describe('Whole: registry/path:tag.'),
  container: arg.container.optional().describe('Needed where there are several containers.'),
  cluster: arg.cluster,
});

export const k8sSetImage = writeTool({
  name: 'k8s_set_image',
  title: 'Set an image',
  toolset: 'core',
  description:
    'Sets the image of one container of a Deployment, StatefulSet, DaemonSet or CronJob; its pods are replaced step by step. A person approves it first. Use it to deploy another version or to mend a wrong image.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const { type, object } = await findObject(asked, look);
    const target = nameOf(type.kind, object.metadata);
    assertOwnMaster(object, target, 'Set the image of');
    const chosen = chooseImage(imagesOf(object), asked.container, target);
    const { container, image: from, path } = chosen;
    if (from === asked.image)
      throw Failure.terminal('AlreadySo', `Container ${container} of ${target} already has the image ${from}.`);
    const workload = asked.kind === 'CronJob' ? undefined : toWorkload(object);
    const pods = workload ? wantedPods(workload) : 0;
    const field = `.${toWords(toPointer(path))}`;
    return {
      type,
      live: object,
      changes: [{ path: toPointer(path), from, to: asked.image }],
      effect: `Set the image of container ${container} in ${target} from ${from} to ${asked.image}.`,
      risk: workload ? replacementRisk(workload) : { level: 'low', reasons: ['Jobs that run already are left alone.'] },
      blastRadius: { summary: summaryOf(workload, pods), podsReplaced: pods, podsAdded: 0, podsRemoved: 0 },
      reversible: { possible: true, how: `Set it back to ${from}.` },
      warnings: [...imageNotices(chosen, asked.image), ...rolloutNotices(target, workload), ...gitOpsNotices(object)],
      notKnownYet: [
        'whether the image exists and its pods start: nodes find out when they pull it',
        ...(pods > 0 ? ['the names of the new pods and the nodes they will run on'] : []),
      ],
      checks: [
        ...(rollsOut(workload) ? [checkRollout(asked, `${pods} of ${pods} pods run the new image`)] : []),
        checkField(asked, field, asked.image, `the image of ${container} is ${asked.image} as approved`),
      ],
    };
  },
});

function summaryOf(workload: Workload | undefined, pods: number): string {
  if (workload === undefined) return 'The next job runs with it.';
  return pods === 1 ? 'Its one pod is replaced.' : `All ${pods} pods are replaced.`;
}

/** Nothing to wait for where pods are not replaced by themselves. */
function rollsOut(workload: Workload | undefined): boolean {
  return workload !== undefined && workload.spec.paused !== true && workload.spec.updateStrategy?.type !== 'OnDelete';
}

function rolloutNotices(target: string, workload: Workload | undefined): Notice[] {
  if (workload === undefined) return [];
  const paused = { code: 'Paused', message: `${target} is paused: nothing rolls out until it is resumed.` };
  return [...(workload.spec.paused === true ? [paused] : []), ...onDeleteNotices(target, workload)];
}

function imageNotices({ image }: ContainerImage, wanted: string): Plan['warnings'] {
  const [before, after] = [splitImage(image), splitImage(wanted)];
  const other = `The image comes from another place: ${after.repository} instead of ${before.repository}.`;
  const moving = 'The image names no fixed version: what runs depends on when a node pulls it.';
  return [
    ...(before.repository === after.repository ? [] : [{ code: 'OtherRepository', message: other }]),
    ...(after.version === undefined || after.version === 'latest' ? [{ code: 'MovingTag', message: moving }] : []),
  ];
}
