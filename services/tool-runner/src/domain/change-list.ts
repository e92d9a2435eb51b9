import { canonicalJson, type FieldChange, type Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { isServerOwned } from './drift.ts';
import { toPointer } from './json-pointer.ts';

/**
 * What differs between two states of an object, leaf by leaf, in order of their paths: without status and what the server
 * or its controllers keep for themselves (`isServerOwned`). A list that grows or shrinks is one change, whole: places in
 * it mean something else afterwards.
 */
export function changeList(before: KubeObject, after: KubeObject): FieldChange[] {
  const changes: FieldChange[] = [];
  compare(before, after, [], changes);
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether two lists say the same, in whatever order. */
export function sameChanges(one: readonly FieldChange[], other: readonly FieldChange[]): boolean {
  const keys = (list: readonly FieldChange[]) => canonicalJson(list.map((change) => canonicalJson(change)).toSorted());
  return keys(one) === keys(other);
}

/** Changes of `list` that `known` does not hold. */
export function beyond(list: readonly FieldChange[], known: readonly FieldChange[]): FieldChange[] {
  const expected = new Set(known.map((change) => canonicalJson(change)));
  return list.filter((change) => !expected.has(canonicalJson(change)));
}

function compare(
  before: unknown,
  after: unknown,
  keys: readonly string[],
  changes: FieldChange[],
  inList = false,
): void {
  if (isServerOwned(keys) || Object.is(before, after)) return;
  if (isMap(before) && isMap(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(before[key], after[key], [...keys, key], changes, inList);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((one, n) => compare(one, after[n], [...keys, String(n)], changes, true));
    return;
  }
  // An empty map and no map are the same to Kubernetes: it writes either. In a list `emptyDir: {}` says which it is.
  if (!inList && isEmpty(before) && isEmpty(after)) return;
  if (isMap(after) && !isEmpty(after) && before === undefined) return compare({}, after, keys, changes, inList);
  // Metadata holds what the server owns, so it is never taken whole; any other map goes whole, or an empty one would stay.
  if (isMap(before) && after === undefined && keys[0] === 'metadata') return compare(before, {}, keys, changes, inList);
  changes.push({ path: toPointer(keys), from: toJson(before), to: toJson(after) });
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function toJson(value: unknown): FieldChange['to'] {
  return (value ?? null) as Json as FieldChange['to'];
}
