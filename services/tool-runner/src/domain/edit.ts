import type { Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';

/** A copy of an object with another value in one place; maps on the way are made, undefined takes the place away. */
export function withValue(object: KubeObject, keys: readonly string[], value: Json | undefined): KubeObject {
  return put(object, keys, value) as KubeObject;
}

function put(at: unknown, [key, ...rest]: readonly string[], value: Json | undefined): unknown {
  if (key === undefined) return value;
  if (Array.isArray(at)) return at.map((one: unknown, n) => (String(n) === key ? put(one, rest, value) : one));
  const map = new Map(Object.entries(typeof at === 'object' && at !== null ? at : {}));
  const made = put(map.get(key), rest, value);
  if (made === undefined) map.delete(key);
  else map.set(key, made);
  return Object.fromEntries(map);
}
