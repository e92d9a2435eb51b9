import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { fromPointer, toPointer } from './json-pointer.ts';
import { assertOwnKey } from './metadata-keys.ts';

export type Operation = {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string | undefined;
  readonly value?: unknown;
};
export type Map = { readonly [key: string]: unknown };

/**
 * Refuses, before anything is asked of the cluster, a patch of what is not for people to change: who an object is, whom it
 * belongs to, what its controllers report of it, and what others keep in its labels and annotations. Looking at what came
 * of it would not do: the API server ignores some of this, and the answer would say that it was done.
 */
export function assertPlaces(patch: Map | readonly Operation[], object: KubeObject): void {
  if (isOperations(patch)) for (const operation of patch) assertOperation(operation);
  else assertMap(patch, object);
}

export function isOperations(patch: Map | readonly Operation[]): patch is readonly Operation[] {
  return Array.isArray(patch);
}

function assertOperation({ op, path, from }: Operation): void {
  if (op === 'test') return;
  const touched = op === 'move' && from !== undefined ? [path, from] : [path];
  for (const pointer of touched) {
    if (!pointer.startsWith('/')) throw refused(`"${pointer.slice(0, 60)}" is no path; write /spec/replicas`);
    const [first, second, key, ...deeper] = fromPointer(pointer);
    if (first !== 'metadata') assertTop(first ?? '');
    else if (second === 'labels' || second === 'annotations') assertKey(key, second, deeper);
    else if (second !== 'finalizers')
      throw refused(`${toPointer(['metadata', second ?? ''])} is not changed from here`);
  }
}

function assertKey(key: string | undefined, map: string, deeper: readonly string[]): void {
  if (key === undefined || deeper.length > 0)
    throw refused(`name single keys, such as /metadata/${map}/team, or use type merge`);
  assertOwnKey(key, 'patch');
}

function assertMap(patch: Map, object: KubeObject): void {
  for (const [key, value] of Object.entries(patch)) {
    if (key === 'apiVersion' || key === 'kind') {
      if (value !== object[key]) throw refused(`${key} is ${object[key]} and stays so`);
    } else if (key === 'metadata') assertMetadata(value);
    else assertTop(key);
  }
}

function assertMetadata(metadata: unknown): void {
  if (!isMap(metadata)) throw refused('metadata is a map');
  for (const [key, value] of Object.entries(metadata)) {
    if (key === 'finalizers' || key === '$deleteFromPrimitiveList/finalizers') continue;
    if (key !== 'labels' && key !== 'annotations')
      throw refused(`metadata.${key.slice(0, 60)} is not changed from here`);
    if (!isMap(value)) throw refused(`metadata.${key} is a map: name single keys, null takes one away`);
    for (const name of Object.keys(value)) assertOwnKey(name, 'patch');
  }
}

function assertTop(key: string): void {
  if (key === 'status') throw refused('status is what controllers report; change spec');
  if (key === '' || key.startsWith('$') || key === 'apiVersion' || key === 'kind')
    throw refused('the object as a whole is not replaced; name fields in it');
}

function isMap(value: unknown): value is Map {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(why: string): Failure {
  return Failure.terminal('InvalidArguments', `patch: ${why}.`);
}
