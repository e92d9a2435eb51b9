import type { KubeObject } from '@skyflo/kube';
import { valueAt } from './json-pointer.ts';

type Place = readonly string[];

/** What the server chooses anew at each try, a dry run included, where nobody says what it should be. */
const assigned: { readonly [kind: string]: readonly Place[] } = {
  Service: [
    ['spec', 'clusterIP'],
    ['spec', 'clusterIPs'],
    ['spec', 'healthCheckNodePort'],
  ],
  Job: [
    ['spec', 'selector'],
    ['spec', 'template', 'metadata', 'labels', 'controller-uid'],
    ['spec', 'template', 'metadata', 'labels', 'batch.kubernetes.io/controller-uid'],
    ['metadata', 'labels', 'controller-uid'],
    ['metadata', 'labels', 'batch.kubernetes.io/controller-uid'],
  ],
};
const tokenVolume = /^kube-api-access-/;

/**
 * What a dry run showed, without what is another at each try: where neither the object before nor the manifest has a value
 * of its own. Such values are told as not known yet; two tries of the same request are the same otherwise.
 */
export function withoutAssigned(tried: KubeObject, known: readonly (KubeObject | undefined)[]): KubeObject {
  const places = [...(assigned[tried.kind] ?? []), ...nodePorts(tried)];
  const open = places.filter((place) => known.every((object) => valueAt(object, place) === undefined));
  const settled = open.reduce<unknown>((object, place) => without(object, place), tried) as KubeObject;
  const hadOne = known.some((object) => JSON.stringify(object?.['spec'] ?? null).includes('kube-api-access-'));
  return tried.kind === 'Pod' && !hadOne ? (withoutTokens(settled) as KubeObject) : settled;
}

function nodePorts(object: KubeObject): Place[] {
  const ports = object.kind === 'Service' ? valueAt(object, ['spec', 'ports']) : undefined;
  return Array.isArray(ports) ? ports.map((_, n) => ['spec', 'ports', String(n), 'nodePort']) : [];
}

function without(value: unknown, [key, ...rest]: Place): unknown {
  if (typeof value !== 'object' || value === null || key === undefined || !Object.hasOwn(value, key)) return value;
  if (Array.isArray(value)) return value.map((one: unknown, n) => (String(n) === key ? without(one, rest) : one));
  const members = Object.entries(value);
  if (rest.length === 0) return Object.fromEntries(members.filter(([name]) => name !== key));
  return Object.fromEntries(members.map(([name, one]) => [name, name === key ? without(one, rest) : one]));
}

/** The volume of the ServiceAccount's token gets a name by chance, in each container of a Pod. */
function withoutTokens(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => !isTokens(one)).map(withoutTokens);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutTokens(one)]));
}

function isTokens(value: unknown): boolean {
  const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
  return typeof name === 'string' && tokenVolume.test(name);
}
