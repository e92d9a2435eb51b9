import { Failure, type Plan } from '@skyflo/contracts';
import { z } from 'zod';
import type { SeveralDraft } from '../domain/draft.ts';
import { defaultNamespace, force, manifest } from './apply/args.ts';
import { type Meaning, meaningOf, worseOf } from './apply/meaning.ts';
import { type TriedObject, tryObjects } from './apply/try-objects.ts';
import * as arg from './args.ts';
import { writeTool } from './tool.ts';
import { assertOwnMaster } from './write/notices.ts';

const args = z.strictObject({ manifest, namespace: defaultNamespace, force, cluster: arg.cluster });

export const k8sApply = writeTool({
  name: 'k8s_apply',
  title: 'Apply a manifest',
  toolset: 'core',
  description:
    'Creates or changes the objects of a manifest by server-side apply, in order. A person sees the difference per object and approves it first. Fields left out stay as they are, unless an earlier apply set them. Use k8s_diff to only look.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const tried = await tryObjects(asked, look);
    for (const { part, target } of tried) if (part.live) assertOwnMaster(part.live, target, 'Change');
    if (!asked.force) assertNoConflicts(tried);
    const changing = tried.filter(({ part, changes }) => part.live === undefined || changes.length > 0);
    if (changing.length === 0)
      throw Failure.terminal('AlreadySo', 'Everything is as the manifest says already; there is nothing to change.');
    const meanings = await Promise.all(changing.map((one) => meaningOf(one, look)));
    return toDraft(tried, changing, meanings);
  },
});

function toDraft(
  tried: readonly TriedObject[],
  changing: readonly TriedObject[],
  meanings: readonly Meaning[],
): SeveralDraft {
  const same = tried.filter((one) => !changing.includes(one)).map(({ target }) => target);
  const made = changing.filter(({ part }) => part.live === undefined);
  return {
    parts: changing.map(({ part }, n) => ({ ...part, checks: meanings[n]?.checks ?? [] })),
    effect: effectOf(
      made,
      changing.filter((one) => !made.includes(one)),
    ),
    risk: meanings.map(({ risk }) => risk).reduce(worseOf, { level: 'low', reasons: [] }),
    blastRadius: sumOf(meanings),
    reversible: reversibleOf(made.length, changing.length),
    warnings: [
      ...meanings.flatMap(({ warnings }) => warnings),
      ...(same.length > 0
        ? [{ code: 'AlreadySo', message: `Nothing is sent for what is so already: ${same.join(', ')}.` }]
        : []),
    ],
    notKnownYet: [...new Set(meanings.flatMap(({ notKnownYet }) => notKnownYet))],
  };
}

/** Whose fields they are is said for all objects at once, so that a person is asked once. */
function assertNoConflicts(tried: readonly TriedObject[]): void {
  const told = tried.flatMap(({ target, conflicts }) =>
    conflicts.map(({ manager, field }) => `${field} of ${target} is managed by ${manager}`),
  );
  if (told.length === 0) return;
  const more = told.length > 10 ? ` and ${told.length - 10} more` : '';
  throw Failure.terminal(
    'FieldConflict',
    `${told.slice(0, 10).join(', ')}${more}, with another value. Nothing was written.`,
    {
      hint: 'Leave these fields out of the manifest; or ask the person whether to take them over, and call again with force: true.',
    },
  );
}

function effectOf(made: readonly TriedObject[], changed: readonly TriedObject[]): string {
  const parts = [
    ...(made.length > 0 ? [`create ${namesOf(made)}`] : []),
    ...(changed.length > 0 ? [`change ${namesOf(changed)}`] : []),
  ].join(', ');
  return `${parts.slice(0, 1).toUpperCase()}${parts.slice(1)}.`;
}

function namesOf(objects: readonly TriedObject[]): string {
  const shown = objects.slice(0, 5).map(({ target }) => target);
  return objects.length > 5 ? `${shown.join(', ')} and ${objects.length - 5} more` : shown.join(', ');
}

function sumOf(meanings: readonly Meaning[]): Plan['blastRadius'] {
  const sum = (count: (radius: Plan['blastRadius']) => number) =>
    meanings.reduce((total, { blastRadius }) => total + count(blastRadius), 0);
  return {
    summary: meanings.map(({ blastRadius }) => blastRadius.summary).join(' '),
    podsAdded: sum(({ podsAdded }) => podsAdded),
    podsRemoved: sum(({ podsRemoved }) => podsRemoved),
    podsReplaced: sum(({ podsReplaced }) => podsReplaced),
  };
}

function reversibleOf(made: number, all: number): Plan['reversible'] {
  const how = [
    ...(made > 0 ? ['Delete what is made.'] : []),
    ...(made < all ? ['Apply the former state; it is shown here.'] : []),
  ];
  return { possible: true, how: how.join(' ') };
}
