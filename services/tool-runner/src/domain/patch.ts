import type { FieldChange, Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { markAnnotation, markOf } from './drift.ts';
import { fromPointer, toPointer, valueAt } from './json-pointer.ts';

export type PatchOperation = {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: Json;
};

/** The grant annotation is written with every change, so it is one of them: what is approved is all that is sent. */
export function withMark(live: KubeObject, changes: readonly FieldChange[], grantId: string): FieldChange[] {
  const path = toPointer(['metadata', 'annotations', markAnnotation]);
  return [...changes, { path, from: markOf(live), to: grantId }];
}

/**
 * The approved change list as a JSON Patch that fits exactly the object it was approved for: `test` on uid, on generation
 * where the kind has one, and on every old value, the previous grant annotation among them (`test … null` passes where
 * nothing is). A late duplicate meets its own grant annotation and is refused; a change of status is no obstacle.
 */
export function patchOf(live: KubeObject, changes: readonly FieldChange[]): PatchOperation[] {
  const { uid, generation } = live.metadata;
  const tests: PatchOperation[] = [
    { op: 'test', path: '/metadata/uid', value: uid ?? null },
    ...(generation === undefined ? [] : [{ op: 'test' as const, path: '/metadata/generation', value: generation }]),
  ];
  const made = new Set<string>();
  const edits: PatchOperation[] = [];
  for (const change of changes) {
    const keys = fromPointer(change.path);
    const missing = firstMissing(live, keys);
    if (missing === keys.length) tests.push({ op: 'test', path: change.path, value: change.from });
    else addTest(tests, toPointer(keys.slice(0, missing)));
    edits.push(...parents(keys, missing, made), edit(change, missing === keys.length && change.from !== null));
  }
  return [...tests, ...edits];
}

/** How many keys in is the first thing that is not there; all of them where only the value itself may be missing. */
function firstMissing(live: KubeObject, keys: readonly string[]): number {
  for (let depth = 1; depth < keys.length; depth += 1)
    if (valueAt(live, keys.slice(0, depth)) === undefined) return depth;
  return keys.length;
}

function addTest(tests: PatchOperation[], path: string): void {
  if (!tests.some((known) => known.path === path)) tests.push({ op: 'test', path, value: null });
}

/** JSON Patch adds to maps that exist: the missing ones come first, each once. */
function parents(keys: readonly string[], missing: number, made: Set<string>): PatchOperation[] {
  const operations: PatchOperation[] = [];
  for (let depth = missing; depth < keys.length; depth += 1) {
    const path = toPointer(keys.slice(0, depth));
    if (!made.has(path)) operations.push({ op: 'add', path, value: {} });
    made.add(path);
  }
  return operations;
}

function edit({ path, to }: FieldChange, exists: boolean): PatchOperation {
  if (to === null) return { op: 'remove', path };
  return { op: exists ? 'replace' : 'add', path, value: to };
}
