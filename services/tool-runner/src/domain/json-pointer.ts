import type { Json } from '@skyflo/contracts';

/** RFC 6901: `['metadata', 'annotations', 'skyflo.ai/grant']` is `/metadata/annotations/skyflo.ai~1grant`. */
export function toPointer(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function fromPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer; undefined where nothing is. */
export function valueAt(root: unknown, keys: readonly string[]): Json | undefined {
  let value: unknown = root;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as { [key: string]: unknown })[key];
  }
  return value as Json | undefined;
}

/** `/spec/template/spec/containers/0/image` as people write it: `spec.template.spec.containers[0].image`. */
export function toWords(pointer: string): string {
  return fromPointer(pointer)
    .map((key, n) =>
      /^\d+$/.test(key) ? `[${key}]` : /^[\w-]+$/.test(key) ? (n === 0 ? key : `.${key}`) : `["${key}"]`,
    )
    .join('');
}
