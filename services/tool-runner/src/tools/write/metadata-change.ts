import { Failure, type Notice, type Plan } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { type ChangeDraft, nameOf } from '../../domain/draft.ts';
import { withValue } from '../../domain/edit.ts';
import { assertOwnKey } from '../../domain/metadata-keys.ts';
import * as arg from '../args.ts';
import { findObject } from '../find-object.ts';
import type { Look } from '../tool.ts';
import { checkPlace } from './checks.ts';
import { differences } from './differences.ts';
import { assertOwnMaster, gitOpsNotices } from './notices.ts';
import { noPods } from './pods.ts';

const most = 20;
const key = z.string().min(1).max(317);

/** The arguments of both tools that change the metadata of any object. */
export function metadataArgs(what: 'label' | 'annotation', maxValue: number) {
  return z.strictObject({
    kind: arg.kind,
    name: arg.name,
    namespace: arg.namespace.optional().describe('Leave out for kinds without one.'),
    set: z
      .record(key, z.string().max(maxValue))
      .refine((entries) => Object.keys(entries).length <= most, `at most ${most}`)
      .default({})
      .describe(`Each ${what} to set, by key.`),
    remove: z.array(key).max(most).default([]).describe('Keys to take away.'),
    cluster: arg.cluster,
  });
}

export type MetadataWish = z.infer<ReturnType<typeof metadataArgs>>;

/** A change of labels or annotations: kept keys are refused before anything is looked at. */
export async function metadataChange(
  map: 'labels' | 'annotations',
  asked: MetadataWish,
  look: Look,
  check: (key: string, value: string) => void,
): Promise<ChangeDraft> {
  const set = Object.entries(asked.set);
  assertSense(
    set.map(([name]) => name),
    asked.remove,
  );
  for (const [name, value] of set) {
    assertOwnKey(name, 'set');
    check(name, value);
  }
  for (const name of asked.remove) assertOwnKey(name, 'remove');
  const { type, object } = await findObject(asked, look);
  const target = nameOf(type.kind, object.metadata);
  if (type.kind !== 'Pod') assertOwnMaster(object, target, 'Change');
  const wanted = [...set, ...asked.remove.map((name) => [name, undefined] as const)];
  const desired = wanted.reduce((made, [name, value]) => withValue(made, ['metadata', map, name], value), object);
  const old = object.metadata[map] ?? {};
  const touched = wanted.filter(([name]) => Object.hasOwn(old, name)).map(([name]) => name);
  const risk = map === 'labels' ? labelRisk(object, touched) : { level: 'low' as const, reasons: [] };
  return {
    type,
    live: object,
    changes: differences(object, desired, `${target} has these ${map} already`),
    effect: effectOf(map, target, asked),
    risk,
    blastRadius: { ...noPods, summary: `Only the ${map} of ${target} change.` },
    reversible: { possible: true, how: `Set the former ${map} again; they are shown here.` },
    warnings: [...selectedNotices(map, object, touched), ...gitOpsNotices(object)],
    notKnownYet: [],
    checks: wanted.map(([name, value]) =>
      checkPlace(
        { ...asked, kind: type.kind },
        desired,
        ['metadata', map, name],
        value === undefined ? `${name} is gone` : `${name} is as approved`,
      ),
    ),
  };
}

function assertSense(set: readonly string[], remove: readonly string[]): void {
  if (set.length + remove.length === 0)
    throw Failure.terminal('InvalidArguments', 'set: nothing is to be set or removed; name at least one key.');
  const both = set.find((name) => remove.includes(name));
  if (both !== undefined)
    throw Failure.terminal('InvalidArguments', `remove: ${both.slice(0, 60)} is to be set and removed at once.`);
}

function effectOf(map: string, target: string, { set, remove }: MetadataWish): string {
  const parts = [
    ...Object.entries(set).map(([name, value]) => `${name}=${value.length > 60 ? `${value.slice(0, 60)}…` : value}`),
    ...remove.map((name) => `${name} removed`),
  ];
  return `Change ${map} of ${target}: ${parts.join(', ')}.`;
}

/** Who is told apart by labels: Services and controllers find their pods by them, the scheduler its nodes. */
function selectedBy(kind: string): string | undefined {
  if (kind === 'Pod') return 'Services and controllers find it by its labels: it may leave or join them.';
  return kind === 'Node'
    ? 'The scheduler chooses nodes by their labels: other pods may or may not come here.'
    : undefined;
}

function labelRisk({ kind }: KubeObject, touched: readonly string[]): Plan['risk'] {
  const selected = selectedBy(kind);
  if (selected === undefined) return { level: 'low', reasons: [] };
  return touched.length > 0 ? { level: 'high', reasons: [selected] } : { level: 'medium', reasons: [selected] };
}

function selectedNotices(map: string, { kind }: KubeObject, touched: readonly string[]): Notice[] {
  const selected = selectedBy(kind);
  if (map !== 'labels' || selected === undefined || touched.length === 0) return [];
  return [{ code: 'SelectedByLabels', message: `${touched.join(', ')} had another value. ${selected}` }];
}
