import type { Json } from './json.ts';

/**
 * Text as it can be stored, signed and sent: halves of surrogate pairs have no UTF-8, and Postgres keeps no NUL, so each
 * becomes U+FFFD. Done once, where text of people, models or clusters comes in, so that no event can be one that nobody is
 * able to work off.
 */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** The same for every text in a JSON value, names of members included. */
export function wellFormedJson<T extends Json>(value: T): T {
  return clean(value) as T; // Only texts change, and they stay texts.
}

function clean(value: Json): Json {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: Json) => clean(one));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [wellFormed(name), clean(one)]));
}
