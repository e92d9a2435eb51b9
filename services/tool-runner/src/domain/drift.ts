import { canonicalJson } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { toPointer } from './json-pointer.ts';

/** What only the server writes: its change is no change of the object as people mean it. */
const serverOwned: ReadonlySet<string> = new Set([
  '/status',
  '/metadata/managedFields',
  '/metadata/resourceVersion',
  '/metadata/generation',
  '/metadata/creationTimestamp',
  '/metadata/selfLink',
]);

/** Annotations that controllers and clients keep notes in, also right after our own write. A short list, on purpose. */
const noteAnnotations = [
  /^deployment\.kubernetes\.io\//,
  /^rollout\.argoproj\.io\//,
  /^kubectl\.kubernetes\.io\/last-applied-configuration$/,
  /^control-plane\.alpha\.kubernetes\.io\/leader$/,
  /^node\.alpha\.kubernetes\.io\/ttl$/,
  /^skyflo\.ai\//,
];

/** The grant annotation: evidence of our own write, compared on its own. */
export const markAnnotation = 'skyflo.ai/grant';

export function isServerOwned(keys: readonly string[]): boolean {
  if (serverOwned.has(toPointer(keys))) return true;
  const [meta, map, annotation] = keys;
  return (
    keys.length === 3 &&
    meta === 'metadata' &&
    map === 'annotations' &&
    annotation !== undefined &&
    noteAnnotations.some((pattern) => pattern.test(annotation))
  );
}

/** An object as far as its change would void an approval, as one text to take a digest of. */
export function contextOf(object: KubeObject): string {
  return canonicalJson(withoutServerOwned(object, []));
}

export function markOf(object: KubeObject): string | null {
  return object.metadata.annotations?.[markAnnotation] ?? null;
}

function withoutServerOwned(value: unknown, keys: readonly string[]): unknown {
  // Only these three levels hold anything to leave out; below them objects are taken as they are.
  if (keys.length > 2 || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value)
    .filter(([key]) => !isServerOwned([...keys, key]))
    .map(([key, one]) => [key, withoutServerOwned(one, [...keys, key])] as const)
    // Losing the last annotation leaves an empty map or none: both mean the same.
    .filter(([, one]) => !(typeof one === 'object' && one !== null && Object.keys(one).length === 0));
  return Object.fromEntries(kept);
}
