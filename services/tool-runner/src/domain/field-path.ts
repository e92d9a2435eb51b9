import { Failure, type Json } from '@skyflo/contracts';

type Part = { readonly key: string } | { readonly all: true };

const part = /^(?:\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[(\*)\]|\[(["']?)([^\]"']+)\4\])/;

/**
 * Picks a field by a path as kubectl writes it: `.spec.replicas`, `.spec.template.spec.containers[*].image`,
 * `.metadata.annotations['skyflo.ai/grant']`. Null where nothing is; a list after `[*]`.
 */
export function pickField(object: unknown, path: string): Json {
  return pick(object, parsePath(path));
}

function pick(value: unknown, [first, ...rest]: readonly Part[]): Json {
  if (first === undefined) return (value ?? null) as Json;
  if (typeof value !== 'object' || value === null) return null;
  if ('all' in first) return Object.values(value).map((one) => pick(one, rest));
  return Object.hasOwn(value, first.key) ? pick((value as { [key: string]: unknown })[first.key], rest) : null;
}

/** Throws a terminal Failure that names `fields` where it is no path. */
export function assertFieldPath(path: string): string {
  parsePath(path);
  return path;
}

/** Whether it can be picked by: a key of a map may hold what no path can say. */
export function isFieldPath(path: string): boolean {
  return partsOf(path) !== undefined;
}

function parsePath(path: string): Part[] {
  const parts = partsOf(path);
  if (parts) return parts;
  throw Failure.terminal('InvalidArguments', `fields: "${path}" is no path; write it like .spec.replicas.`);
}

function partsOf(path: string): Part[] | undefined {
  const parts: Part[] = [];
  let rest = path.replace(/^\$?\{?/, '').replace(/\}$/, '');
  while (rest !== '') {
    const match = part.exec(rest);
    if (!match) return undefined;
    const [whole, word, index, star, , quoted] = match;
    parts.push(star === undefined ? { key: word ?? index ?? quoted ?? '' } : { all: true });
    rest = rest.slice(whole.length);
  }
  return parts;
}
