import type { KubeObject } from '@skyflo/kube';
import { stringify } from 'yaml';
import { isServerOwned } from './drift.ts';
import { maskObject } from './mask.ts';

/** Written by the server, of no use to a reader. */
const noise: ReadonlySet<string> = new Set(['uid', 'managedFields', 'resourceVersion', 'generation', 'selfLink']);

/** An object as YAML for reading: masked, without what only the server needs, with its status. */
export function toReadingYaml(object: KubeObject): string {
  return toYaml(trim(maskObject(object), { status: true }));
}

/** An object as YAML for a diff: as `toReadingYaml`, and without everything that changes by itself. */
export function toDiffYaml(object: KubeObject): string {
  return toYaml(trim(maskObject(object), { status: false }));
}

function trim(object: KubeObject, keep: { readonly status: boolean }): unknown {
  const { apiVersion, kind, metadata, status, ...rest } = object;
  const kept = Object.entries(metadata).filter(
    ([key]) => !noise.has(key) && (keep.status || key !== 'creationTimestamp'),
  );
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !isServerOwned(['metadata', 'annotations', key]) || (keep.status && key.startsWith('skyflo.ai/')),
  );
  const { annotations: _annotations, ...meta } = Object.fromEntries(kept);
  return withoutEmpty({
    apiVersion,
    kind,
    metadata: { ...meta, annotations: Object.fromEntries(annotations) },
    ...rest,
    ...(keep.status ? { status } : {}),
  });
}

/** Empty maps and lists are the server's way of writing nothing. `emptyDir: {}` means something: maps in lists stay. */
function withoutEmpty(value: unknown, inList = false): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutEmpty(one, true));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, one]) => [key, withoutEmpty(one)] as const);
  return Object.fromEntries(members.filter(([, one]) => inList || !isEmpty(one)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
