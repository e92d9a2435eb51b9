import { Failure, type Json } from '@skyflo/contracts';
import { z } from 'zod';
import { pickField } from '../domain/field-path.ts';
import { nameOf } from '../domain/draft.ts';
import { tableText } from '../domain/table-text.ts';
import { textTable } from '../domain/text-table.ts';
import { toReadingYaml } from '../domain/yaml-text.ts';
import * as arg from './args.ts';
import { findObject } from './find-object.ts';
import { type Answer, type Look, readTool } from './tool.ts';

const args = z.strictObject({
  kind: arg.kind,
  name: arg.name.optional().describe('Name of one object; leave out to list.'),
  namespace: arg.namespace
    .optional()
    .describe('Namespace. Needed for one namespaced object; without it, lists go over all.'),
  label_selector: arg.labelled.optional(),
  field_selector: arg.where.optional(),
  wide: z.boolean().default(false).describe('All columns of the table: for pods their node and IP too.'),
  fields: z
    .array(arg.fieldPath)
    .min(1)
    .max(12)
    .optional()
    .describe('Only these fields, such as .spec.replicas or .spec.template.spec.containers[*].image.'),
  limit: z.number().int().min(1).max(500).default(50),
  continue: z
    .string()
    .min(1)
    .max(4000)
    .refine((text) => /^\w[\w.~+=:-]*$/.test(text), 'It is no handle; take it from the last answer as it is.')
    .optional()
    .describe('Handle of the next page, from the last answer.'),
  cluster: arg.cluster,
});
type Args = z.infer<typeof args>;

export const k8sGet = readTool({
  name: 'k8s_get',
  title: 'Get objects',
  toolset: 'core',
  description:
    'Reads objects of any kind: with a name one object as YAML, without it a table like kubectl get. Name fields when you need only a few values: it is much shorter.',
  args,
  read: async (asked, look) => {
    if (asked.name !== undefined) return one({ ...asked, name: asked.name }, look);
    return asked.fields === undefined ? table(asked, look) : projection(asked, asked.fields, look);
  },
});

async function one(asked: Args & { name: string }, look: Look): Promise<Answer> {
  const { object } = await findObject(asked, look);
  if (asked.fields === undefined) return { text: toReadingYaml(object) };
  const facts = Object.fromEntries(asked.fields.map((field) => [field, pickField(object, field)]));
  const lines = Object.entries(facts).map(([field, value]) => `${field}: ${toText(value)}`);
  return { text: `${nameOf(object.kind, object.metadata)}\n${lines.join('\n')}`, facts };
}

async function table(asked: Args, look: Look): Promise<Answer> {
  const { type, options } = await listing(asked, look);
  const found = await told(asked, look.cluster.table(type, options));
  const withNamespace = type.namespaced && asked.namespace === undefined;
  if (found.rows.length === 0) return { text: nothing(type.resource, asked), facts: { count: 0 } };
  return {
    text: tableText(found, look.now(), { withNamespace, wide: asked.wide }),
    facts: { count: found.rows.length },
  };
}

async function projection(asked: Args, fields: readonly string[], look: Look): Promise<Answer> {
  const { type, options } = await listing(asked, look);
  const { items, continue: handle } = await told(asked, look.cluster.list(type, options));
  if (items.length === 0) return { text: nothing(type.resource, asked), facts: { count: 0 } };
  const rows = items.map((item) => [
    nameOf('', item.metadata).trim(),
    ...fields.map((field) => toText(pickField(item, field))),
  ]);
  const more = handle === undefined ? '' : `\n… there are more; call again with continue: ${handle}`;
  return { text: textTable(['name', ...fields], rows) + more, facts: { count: items.length } };
}

async function listing(asked: Args, { cluster, signal }: Look) {
  const type = await cluster.discovery.resolve(asked.kind);
  const options = {
    namespace: asked.namespace,
    labelSelector: asked.label_selector,
    fieldSelector: asked.field_selector,
    limit: asked.limit,
    continue: asked.continue,
    signal,
  };
  return { type, options };
}

/** What the API server refuses of a list is one of two arguments; which one, its own words do not say. */
async function told<T>({ continue: handle, field_selector }: Args, listed: Promise<T>): Promise<T> {
  return await listed.catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    if (error.code === 'ContinueExpired')
      throw Failure.terminal('InvalidArguments', 'continue: this handle is too old; list again from the beginning.');
    if (error.code !== 'BadRequest') throw error;
    const field = handle !== undefined && /continue/i.test(error.message) ? 'continue' : 'field_selector';
    if (field === 'field_selector' && field_selector === undefined) throw error;
    throw Failure.terminal('InvalidArguments', `${field}: ${error.message}`, { cause: error });
  });
}

function nothing(resource: string, { namespace, label_selector, field_selector }: Args): string {
  const where = namespace === undefined ? 'in the cluster' : `in namespace ${namespace}`;
  const selected = [label_selector, field_selector].filter(Boolean).join(' and ');
  return `There are no ${resource} ${where}${selected === '' ? '' : ` that match ${selected}`}.`;
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
