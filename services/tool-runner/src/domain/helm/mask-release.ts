import type { Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { maskObject, maskText } from '../mask.ts';
import { maskValues, secretValues } from './mask-values.ts';
import type { ManifestPart, Release, Values } from './release.ts';

/** Shorter ones would blank out half of what there is to read; by their names they are hidden all the same. */
const shortest = 6;
const most = 300;
/** Words that stand where a secret could, and are none. */
const words = /^(true|false|enabled|disabled|default|required|optional|always|never|generate|existing|changeme\.?)$/i;

/**
 * A release without its secrets. They are hidden where they are known by their place (data of Secrets, values by name) and,
 * because a chart may print a value anywhere, once more wherever the same text occurs: in other objects, arguments, notes.
 */
export function maskRelease(release: Release): Release {
  const conceal = concealing(secretsOf(release));
  return {
    ...release,
    description: release.description === undefined ? undefined : conceal(maskText(release.description)),
    values: deep(maskValues(release.values), conceal) as Values,
    chartValues: deep(maskValues(release.chartValues), conceal) as Values,
    notes: conceal(maskText(release.notes)),
    manifest: release.manifest.map((part) => maskPart(part, conceal)),
  };
}

function maskPart({ object, ...part }: ManifestPart, conceal: (text: string) => string): ManifestPart {
  return { ...part, object: object && (deep(maskObject(object) as Json, conceal) as KubeObject) };
}

function secretsOf({ values, chartValues, manifest }: Release): string[] {
  const inObjects = manifest.flatMap(({ object }) => (object ? secretData(object) : []));
  const found = [...inObjects, ...secretValues(values), ...secretValues(chartValues)];
  return [...new Set(found)].filter((text) => text.length >= shortest && !words.test(text)).slice(0, most);
}

/** What a Secret holds, as it is written and as it is meant. */
function secretData(object: KubeObject): string[] {
  if (Array.isArray(object['items'])) return (object['items'] as unknown as KubeObject[]).flatMap(secretData);
  if (object.kind !== 'Secret') return [];
  const encoded = texts(object['data']);
  return [...encoded, ...encoded.map(decoded), ...texts(object['stringData'])];
}

function texts(map: unknown): string[] {
  if (typeof map !== 'object' || map === null) return [];
  return Object.values(map).filter((one) => typeof one === 'string');
}

function decoded(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return ''; // It is no base64, so the API server would refuse it too; as it is written it is known already.
  }
}

/** Long ones first: one that is part of another must not leave the rest of it standing. */
function concealing(secrets: readonly string[]): (text: string) => string {
  if (secrets.length === 0) return (text) => text;
  const spellings = secrets.flatMap((secret) => [secret, encoded(secret)]);
  const pattern = spellings
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('|');
  const known = new RegExp(pattern, 'g');
  return (text) => text.replace(known, '***');
}

function encoded(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text.slice(0, 10_000))));
}

function deep(value: Json, conceal: (text: string) => string): Json {
  if (typeof value === 'string') return conceal(value);
  if (Array.isArray(value)) return value.map((one) => deep(one, conceal));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deep(one ?? null, conceal)]));
}
