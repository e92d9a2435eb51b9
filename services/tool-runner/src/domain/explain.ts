import { Failure } from '@skyflo/contracts';
import type { ResourceType, SchemaBook } from '@skyflo/kube';
import { z } from 'zod';
import { textTable } from './text-table.ts';

/** A schema as far as it is told of; its members are read when one comes to them. */
const Schema = z.looseObject({
  $ref: z.string().optional(),
  allOf: z.array(z.unknown()).optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
});
type Schema = z.infer<typeof Schema>;

const MadeFor = z.looseObject({
  'x-kubernetes-group-version-kind': z.array(
    z.looseObject({ group: z.string(), version: z.string(), kind: z.string() }),
  ),
});

type Kind = Pick<ResourceType, 'group' | 'version' | 'kind' | 'resource'>;

/** What a kind or a field of it is, and its fields one level down: name, type, whether it is required, what it means. */
export function explainField(book: SchemaBook, type: Kind, path: string | undefined): string {
  const at: string[] = [type.kind];
  let schema = schemaOf(book, type);
  for (const word of wordsOf(path, type)) {
    const member = memberOf(book, schema, word);
    if (member === undefined) throw noSuchField(at.join('.'), word, fieldsOf(book, schema));
    schema = member;
    at.push(word);
  }
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  const inner = elementOf(book, schema);
  const fields = Object.entries(inner.properties ?? {});
  return [
    `${at.join('.')} (${apiVersion}): ${typeOf(book, schema)}`,
    ...(schema.description ? [schema.description.trim()] : []),
    ...choicesOf(schema),
    ...(fields.length === 0 ? [] : ['', fieldTable(book, fields, inner.required ?? [])]),
  ].join('\n');
}

/** `.spec.strategy`, `spec.containers[*].image`, `deployment.spec`: lists and maps are stepped into without a word. */
function wordsOf(path: string | undefined, { kind, resource }: Kind): string[] {
  const words = (path ?? '').split('.').map((word) => word.replace(/\[[*\d]*\]$/, ''));
  const given = words.filter((word) => word !== '');
  const first = given[0]?.toLowerCase();
  return first === kind.toLowerCase() || first === resource ? given.slice(1) : given;
}

function schemaOf(book: SchemaBook, { group, version, kind }: Kind): Schema {
  const found = Object.values(book).find((schema) => {
    const kinds = MadeFor.safeParse(schema).data?.['x-kubernetes-group-version-kind'] ?? [];
    return kinds.length === 1 && kinds[0]?.group === group && kinds[0].version === version && kinds[0].kind === kind;
  });
  if (found === undefined) throw Failure.terminal('SchemaMissing', `The cluster describes no fields of ${kind}.`);
  return resolved(book, found);
}

/** Kubernetes writes a reference with a description of its own as `allOf` of one. */
function resolved(book: SchemaBook, schema: unknown): Schema {
  const { allOf, $ref, ...own } = Schema.parse(schema ?? {});
  const [only, ...others] = allOf ?? [];
  if (only !== undefined && others.length === 0) return { ...resolved(book, only), ...own };
  if ($ref === undefined) return own;
  return { ...resolved(book, book[nameIn($ref)]), ...own };
}

function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** What a list or a map holds, else the schema itself. */
function elementOf(book: SchemaBook, schema: Schema): Schema {
  if (schema.items !== undefined) return elementOf(book, resolved(book, schema.items));
  const { additionalProperties: held } = schema;
  return typeof held === 'object' && held !== null ? elementOf(book, resolved(book, held)) : schema;
}

function memberOf(book: SchemaBook, schema: Schema, word: string): Schema | undefined {
  const { properties = {} } = elementOf(book, schema);
  return Object.hasOwn(properties, word) ? resolved(book, properties[word]) : undefined;
}

function fieldsOf(book: SchemaBook, schema: Schema): string[] {
  return Object.keys(elementOf(book, schema).properties ?? {});
}

function noSuchField(parent: string, word: string, fields: readonly string[]): Failure {
  const has = fields.length === 0 ? 'it has no fields' : `it has ${fields.join(', ')}`;
  return Failure.terminal('InvalidArguments', `path: ${parent} has no field ${JSON.stringify(word)}; ${has}.`);
}

function typeOf(book: SchemaBook, schema: Schema): string {
  if (schema.items !== undefined) return `list of ${typeOf(book, resolved(book, schema.items))}`;
  const { additionalProperties: held, properties, type = 'object', format } = schema;
  if (typeof held === 'object' && held !== null && !properties) return `map of ${typeOf(book, resolved(book, held))}`;
  return format === undefined || type === 'object' ? type : `${type} (${format})`;
}

function choicesOf(schema: Schema): string[] {
  const choices = schema.enum === undefined ? [] : [`One of: ${schema.enum.map(String).join(', ')}.`];
  const { default: preset } = schema;
  const isTold = preset !== undefined && preset !== '' && JSON.stringify(preset) !== '{}';
  return isTold ? [...choices, `Default: ${JSON.stringify(preset)}.`] : choices;
}

function fieldTable(book: SchemaBook, fields: readonly (readonly [string, unknown])[], required: readonly string[]) {
  const rows = fields.map(([name, schema]) => {
    const whole = resolved(book, schema);
    return [
      name,
      typeOf(book, whole),
      required.includes(name) ? 'required' : '',
      [firstSentence(whole), ...choicesOf(whole)].join(' ').trim(),
    ];
  });
  return textTable(['field', 'type', 'required', 'meaning'], rows);
}

/** What a field is stands at the beginning; the rest is had by asking for the field itself. */
function firstSentence({ description = '' }: Schema): string {
  const text = description.replace(/\s+/g, ' ').trim();
  const sentence = /^.*?[.!](?= |$)(?<!\b(?:e\.g|i\.e|etc)\.)/.exec(text)?.[0] ?? text;
  return sentence.length > 160 ? `${sentence.slice(0, 159)}…` : sentence;
}
