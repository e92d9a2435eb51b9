import { Failure, type Notice, type Plan } from '@skyflo/contracts';
import type { KubeObject, Propagation } from '@skyflo/kube';
import { z } from 'zod';
import { nameOf } from '../domain/draft.ts';
import { assertMayBeDeleted } from '../domain/protected.ts';
import * as arg from './args.ts';
import { countByKind, dependentsOf, type Dependents } from './delete/dependents.ts';
import { findObject } from './find-object.ts';
import { writeTool } from './tool.ts';
import { checkGone } from './write/checks.ts';
import { controllerOf, gitOpsNotices } from './write/notices.ts';

const args = z.strictObject({
  kind: arg.kind,
  name: arg.name,
  namespace: arg.namespace.optional().describe('Namespace of the object, where its kind has one.'),
  propagation: z
    .enum(['Background', 'Foreground', 'Orphan'])
    .default('Background')
    .describe('What it owns goes after it (Background), before it (Foreground), or stays (Orphan).'),
  cluster: arg.cluster,
});

export const k8sDelete = writeTool({
  name: 'k8s_delete',
  title: 'Delete an object',
  toolset: 'core',
  description:
    'Deletes one object and what it owns. A person sees what goes with it and approves it first. A pod of a workload is made anew; anything else is gone for good, so prefer scaling or restarting where that helps.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const { type, object } = await findObject(asked, look);
    const target = nameOf(type.kind, object.metadata);
    assertMayBeDeleted(type, object);
    if (object.metadata.deletionTimestamp !== undefined)
      throw Failure.terminal('AlreadySo', `${target} is being deleted already. ${heldBy(object)}`.trim());
    const dependents = await dependentsOf(object, look);
    const maker = controllerOf(object.metadata);
    const isReplaced = type.kind === 'Pod' && maker !== undefined;
    return {
      type,
      live: object,
      removal: { propagation: asked.propagation },
      effect: effectOf(target, dependents, asked.propagation),
      risk: isReplaced
        ? { level: 'low', reasons: [`${maker.kind} ${maker.name} makes a new pod in its place.`] }
        : { level: 'high', reasons: ['It cannot be undone.'] },
      blastRadius: blastRadiusOf(object, dependents, { propagation: asked.propagation, isReplaced }),
      reversible: isReplaced
        ? { possible: true, how: `${maker.kind} ${maker.name} makes a new pod; this very pod does not come back.` }
        : { possible: false, how: 'Only by making it again, from a repository or from what is shown here.' },
      warnings: [
        ...removalNotices(object, target, isReplaced),
        ...finalizerNotices(object, target),
        ...gitOpsNotices(object),
      ],
      notKnownYet: [
        'what still refers to it by name',
        ...dependents.unseen.map((kind) => `how many ${kind} it owns: not all could be looked at`),
      ],
      checks: [checkGone({ ...asked, kind: type.kind }, object.metadata.uid, `${target} is gone`)],
    };
  },
});

function effectOf(target: string, { objects }: Dependents, propagation: Propagation): string {
  if (objects.length === 0) return `Delete ${target}.`;
  return propagation === 'Orphan'
    ? `Delete ${target} and leave what it owns: ${countByKind(objects)}.`
    : `Delete ${target} and what it owns: ${countByKind(objects)}.`;
}

function blastRadiusOf(
  object: KubeObject,
  { objects }: Dependents,
  how: { readonly propagation: Propagation; readonly isReplaced: boolean },
): Plan['blastRadius'] {
  const none = { podsReplaced: 0, podsAdded: 0, podsRemoved: 0 };
  if (object.kind === 'Pod') {
    return how.isReplaced
      ? { ...none, podsReplaced: 1, summary: 'This pod is ended, and another one is started.' }
      : { ...none, podsRemoved: 1, summary: 'This pod is ended, and nothing starts another one.' };
  }
  const owned = countByKind(objects);
  if (how.propagation === 'Orphan')
    return { ...none, summary: owned === '' ? 'It owns nothing.' : `Left behind without an owner: ${owned}.` };
  const podsRemoved = objects.filter(({ kind }) => kind === 'Pod').length;
  return { ...none, podsRemoved, summary: owned === '' ? 'It owns nothing else.' : `Deleted with it: ${owned}.` };
}

function removalNotices({ kind, metadata }: KubeObject, target: string, isReplaced: boolean): Notice[] {
  if (isReplaced) return [];
  const maker = controllerOf(metadata);
  const again = `${maker?.kind ?? ''} ${maker?.name ?? ''} controls ${target} and will make it anew.`;
  const data = `Whether the data of ${target} is kept depends on the reclaim policy of its volume.`;
  return [
    { code: 'Irreversible', message: `${target} cannot be brought back once it is deleted.` },
    ...(maker ? [{ code: 'OwnedByAnother', message: again }] : []),
    ...(kind === 'PersistentVolumeClaim' ? [{ code: 'DataMayBeLost', message: data }] : []),
  ];
}

function finalizerNotices(object: KubeObject, target: string): Notice[] {
  const held = heldBy(object);
  return held === '' ? [] : [{ code: 'HeldByFinalizers', message: `${target} does not go at once. ${held}` }];
}

function heldBy({ metadata }: KubeObject): string {
  const { finalizers = [] } = metadata;
  return finalizers.length === 0 ? '' : `It waits for its finalizers: ${finalizers.join(', ')}.`;
}
