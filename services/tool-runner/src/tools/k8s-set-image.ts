import { Failure, type Plan } from '@skyflo/contracts';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { chooseContainerOf } from '../domain/containers.ts';
import { type ContainerImage, imagesOf, reference, splitImage } from '../domain/images.ts';
import { toPointer, toWords } from '../domain/json-pointer.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkField } from './write/checks.ts';
import { assertOwnMaster, gitOpsNotices } from './write/notices.ts';
import { newTemplate } from './write/new-template.ts';

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
    const chosen = chooseContainerOf(imagesOf(object), asked.container, target);
    const { container, image: from, path } = chosen;
    if (from === asked.image)
      throw Failure.terminal('AlreadySo', `Container ${container} of ${target} already has the image ${from}.`);
    const rollout = newTemplate(object, asked);
    const field = `.${toWords(toPointer(path))}`;
    return {
      type,
      live: object,
      changes: [{ path: toPointer(path), from, to: asked.image }],
      effect: `Set the image of container ${container} in ${target} from ${from} to ${asked.image}.`,
      risk: rollout.risk,
      blastRadius: rollout.blastRadius,
      reversible: { possible: true, how: `Set it back to ${from}.` },
      warnings: [...imageNotices(chosen, asked.image), ...rollout.warnings, ...gitOpsNotices(object)],
      notKnownYet: [
        'whether the image exists and its pods start: nodes find out when they pull it',
        ...rollout.notKnownYet,
      ],
      checks: [
        ...rollout.checks('run the new image'),
        checkField(asked, field, asked.image, `the image of ${container} is ${asked.image} as approved`),
      ],
    };
  },
});

function imageNotices({ image }: ContainerImage, wanted: string): Plan['warnings'] {
  const [before, after] = [splitImage(image), splitImage(wanted)];
  const other = `The image comes from another place: ${after.repository} instead of ${before.repository}.`;
  const moving = 'The image names no fixed version: what runs depends on when a node pulls it.';
  return [
    ...(before.repository === after.repository ? [] : [{ code: 'OtherRepository', message: other }]),
    ...(after.version === undefined || after.version === 'latest' ? [{ code: 'MovingTag', message: moving }] : []),
  ];
}
