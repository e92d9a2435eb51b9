import type { Json } from '@skyflo/contracts';
import { hide, maskText, secretName } from '../mask.ts';
import type { Values } from './release.ts';

/** Named like a secret, and yet only where one is: `existingSecret`, `secretName`, `tokenRef`. */
const pointsToSecret = /^existing|(name|names|ref|refs|file|path)$/i;
/** A map or list of this name holds nothing but secrets, whatever they are called in it. */
const holdsSecrets = /^(secrets?|secret[-_]?data|string[-_]?data|credentials?|passwords?|tokens?)$/i;

type Place = {
  readonly key: string;
  /** Within something that holds nothing but secrets. */
  readonly inside: boolean;
  readonly siblings: Values;
};
type Instead = (secret: string) => string;

/** The values of a chart without those that are secret: by their names, within maps of secrets, in pairs of name and value. */
export function maskValues(values: Values): Values {
  return maskMap(values, false, hide);
}

/** Every value that `maskValues` would hide. Charts put them into objects and notes, under any name. */
export function secretValues(values: Values): string[] {
  const found: string[] = [];
  maskMap(values, false, (secret) => {
    found.push(secret);
    return '';
  });
  return found;
}

function maskMap(values: Values, inside: boolean, instead: Instead): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, maskAt(value, { key, inside, siblings: values }, instead)]),
  );
}

function maskAt(value: Json, place: Place, instead: Instead): Json {
  const inside = place.inside || holdsSecrets.test(place.key);
  if (Array.isArray(value)) return value.map((one) => maskAt(one, { ...place, inside }, instead));
  if (isMap(value)) return maskMap(value, inside, instead);
  if (isSecret(value, { ...place, inside })) return instead(String(value));
  return typeof value === 'string' ? maskText(value) : value;
}

function isSecret(value: Json, { key, inside, siblings }: Place): value is string | number {
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return false;
  if (pointsToSecret.test(key)) return false;
  if (inside) return true;
  // Tolerations, affinities and references of keys have a `key` that is none.
  if (key === 'key') return !['operator', 'effect', 'name', 'path', 'values'].some((other) => other in siblings);
  if (key === 'value') return typeof siblings['name'] === 'string' && secretName.test(siblings['name']);
  return secretName.test(key);
}

export function isMap(value: Json | undefined): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
