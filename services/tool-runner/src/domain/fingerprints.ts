import type { KubeObject } from '@skyflo/kube';
import { maskObject } from './mask.ts';

/** A keyed digest of a value, as hex. */
export type Keyed = (value: string) => string;

/**
 * An object as it may be shown, with every secret value masked and told apart by a keyed fingerprint: two of them differ
 * exactly where the objects do. Plans are written, and held against the cluster, in this form.
 */
export function withFingerprints(object: KubeObject, keyed: Keyed): KubeObject {
  return told(object, maskObject(object), keyed) as KubeObject;
}

/** Secret values of an object, wherever they are in it. */
export function secretsOf(object: KubeObject): ReadonlySet<string> {
  const found = new Set<string>();
  told(object, maskObject(object), (value) => (found.add(value), ''));
  return found;
}

function told(value: unknown, masked: unknown, keyed: Keyed): unknown {
  if (value === masked) return value;
  if (typeof value === 'string' && typeof masked === 'string') return `${masked} #${keyed(value).slice(0, 12)}`;
  if (typeof value !== 'object' || value === null || typeof masked !== 'object' || masked === null) return masked;
  if (Array.isArray(value)) return value.map((one, n) => told(one, Object.values(masked)[n], keyed));
  const members = new Map(Object.entries(masked));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, told(one, members.get(key), keyed)]));
}
