import { z } from 'zod';

type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  format?: string;
  $ref?: string;
};

/** A Markdown table of a schema's top-level members. */
export function fieldsOf(schema: z.ZodType, internal: readonly string[] = []): string[] {
  const json = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' }) as Schema;
  const variants = json.oneOf ?? json.anyOf ?? [json];
  return variants.flatMap((variant, index) => [...(index > 0 ? ['', 'or', ''] : []), ...table(variant, internal)]);
}

function table({ properties = {}, required = [] }: Schema, internal: readonly string[]): string[] {
  const rows = Object.entries(properties).map(([name, member]) => {
    const optional = required.includes(name) ? '' : ' (optional)';
    return `| \`${name}\` | ${describe(member)}${optional}${internal.includes(name) ? ', *inside*' : ''} |`;
  });
  return rows.length === 0 ? ['Nothing.'] : ['| member | |', '|---|---|', ...rows];
}

function describe(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return [...new Set(variants.map(describe))].join(' or ');
  if (schema.items) return `list of ${describe(schema.items)}`;
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(', ')} }`;
  if (schema.format) return schema.format;
  return schema.type === undefined ? 'JSON' : [schema.type].flat().join(' or ');
}
