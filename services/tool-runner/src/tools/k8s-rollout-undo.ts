import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { withValue } from '../domain/edit.ts';
import { causeMark, imagesOf, type Revision } from '../domain/revisions.ts';
import { toWorkload } from '../domain/workload.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { keptRevisions } from './rollout/kept-revisions.ts';
import { writeTool } from './tool.ts';
import { checkChanges } from './write/checks.ts';
import { differences } from './write/differences.ts';
import { newTemplate } from './write/new-template.ts';
import { assertOwnMaster, gitOpsNotices } from './write/notices.ts';

const args = z.strictObject({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']).default('Deployment'),
  name: arg.name,
  namespace: arg.inNamespace,
  to_revision: z.number().int().min(1).optional().describe('From k8s_rollout_history; leave out for the one before.'),
  cluster: arg.cluster,
});

export const k8sRolloutUndo = writeTool({
  name: 'k8s_rollout_undo',
  title: 'Undo a rollout',
  toolset: 'rollout',
  description:
    'Takes a workload back to the pod template of a former revision; its pods are replaced step by step. Replicas, labels and Services stay as they are. A person approves it first.',
  args,
  hints: { idempotent: false, destructive: true },
  plan: async (asked, look) => {
    const { type, object } = await findObject(asked, look);
    const target = nameOf(type.kind, object.metadata);
    assertOwnMaster(object, target, 'Undo');
    assertRunning(object, target);
    if (asked.to_revision === undefined) assertSeen(object, target);
    const revisions = await keptRevisions(object, look);
    const [present] = revisions;
    const wanted = choose(revisions, asked.to_revision, target);
    // Older revisions were kept without the defaults of today: the cluster says what becomes of them.
    const patch = [{ op: 'replace', path: '/spec/template', value: wanted.template }];
    const templated = await look.tryOut(type, object, { patchType: 'json', patch });
    differences(object, templated, `${target} has the pod template of revision ${wanted.revision} already`);
    const desired = withValue(templated, ['metadata', 'annotations', causeMark], wanted.cause);
    const changes = differences(object, desired, target);
    const rollout = newTemplate(object, asked);
    return {
      type,
      live: object,
      changes,
      effect: `Take ${target} back to revision ${wanted.revision} (${imagesOf(wanted).join(', ')}).`,
      risk: rollout.risk,
      blastRadius: rollout.blastRadius,
      reversible: wayBack(present),
      warnings: [...rollout.warnings, ...gitOpsNotices(object)],
      notKnownYet: rollout.notKnownYet,
      checks: [
        ...rollout.checks('run the former template'),
        ...checkChanges(asked, desired, changes, `${target} is as in revision ${wanted.revision}`),
      ],
    };
  },
});

/** As kubectl has it: what is undone while it is paused would happen at some other time. */
function assertRunning(object: KubeObject, target: string): void {
  if (toWorkload(object).spec.paused === true)
    throw Failure.terminal('Paused', `${target} is paused, so nothing would be rolled back.`, {
      hint: 'Resume it first.',
    });
}

/** The newest template gets its number once the controller has seen it: until then the one before would be another. */
function assertSeen(object: KubeObject, target: string): void {
  const { metadata, status } = toWorkload(object);
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0))
    throw Failure.terminal('NotSettled', `The controller has not seen the newest change of ${target} yet.`, {
      hint: 'Try again in a moment, or name to_revision.',
    });
}

function choose(revisions: readonly Revision[], wanted: number | undefined, target: string): Revision {
  const found = wanted === undefined ? revisions[1] : revisions.find(({ revision }) => revision === wanted);
  if (found) return found;
  const known = revisions.map(({ revision }) => revision).join(', ') || 'none';
  const missing = wanted === undefined ? 'no revision before this one' : `no revision ${wanted}`;
  throw Failure.terminal('RevisionMissing', `to_revision: ${target} has ${missing}; it has ${known}.`);
}

function wayBack(present: Revision | undefined) {
  return present === undefined
    ? { possible: false, how: 'The present pod template is kept nowhere.' }
    : { possible: true, how: `Go back to revision ${present.revision}, the present one; it stays kept.` };
}
