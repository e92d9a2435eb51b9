import { z } from 'zod';
import type { KubeList, KubeObject, KubeTable } from './objects.ts';
import { parseAnswer, parseJsonAnswer } from './parse-answer.ts';
import type { ResourceType } from './resource-type.ts';

const AnyObject = z.custom<KubeObject>(
  (value) => Thing.safeParse(value).success,
  'an object with apiVersion, kind and metadata.name',
);
const Thing = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
});
const ListMeta = z.object({
  continue: z.string().optional(),
  remainingItemCount: z.number().optional(),
  resourceVersion: z.string().optional(),
});
const List = z.object({
  metadata: ListMeta.optional(),
  // A list of nothing is null where only the metadata is asked for.
  items: z
    .array(z.record(z.string(), z.unknown()))
    .nullable()
    .transform((items) => items ?? []),
});
const Table = z.object({
  kind: z.literal('Table'),
  metadata: ListMeta.optional(),
  columnDefinitions: z.array(z.object({ name: z.string(), type: z.string(), priority: z.number() })),
  rows: z
    .array(
      z.object({
        cells: z.array(z.json()),
        object: z.object({ metadata: z.custom<KubeObject['metadata']>().optional() }).nullish(),
      }),
    )
    .nullish(),
});

export function toObject(text: string): KubeObject {
  return parseAnswer(AnyObject, parseJsonAnswer(text), 'objects');
}

/** Whether the answer is a Status and no object: that is how a delete says that the object is gone. */
export function isStatus(text: string): boolean {
  return z.object({ kind: z.literal('Status'), status: z.literal('Success') }).safeParse(parseJsonAnswer(text)).success;
}

/** Items of built-in lists come without apiVersion and kind: the list's own type says what they are. */
export function toList(text: string, type: ResourceType): KubeList {
  const { items, metadata } = parseAnswer(List, parseJsonAnswer(text), 'lists');
  const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
  return {
    items: items.map((item) => parseAnswer(AnyObject, { apiVersion, kind: type.kind, ...item }, 'objects')),
    ...pageOf(metadata),
    ...(metadata?.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
  };
}

/** Undefined where the server has no table for the kind and answered with a plain list. */
export function toTable(text: string): KubeTable | undefined {
  const parsed = Table.safeParse(parseJsonAnswer(text));
  if (!parsed.success) return undefined;
  const { columnDefinitions, rows, metadata } = parsed.data;
  return {
    columns: columnDefinitions,
    rows: (rows ?? []).map(({ cells, object }) => ({
      cells,
      ...(object?.metadata ? { metadata: object.metadata } : {}),
    })),
    ...pageOf(metadata),
  };
}

/** For kinds without a table of their own: the two columns every object has. */
export function tableOf(list: KubeList): KubeTable {
  const { items, resourceVersion: _resourceVersion, ...page } = list;
  return {
    columns: [
      { name: 'Name', type: 'string', priority: 0 },
      { name: 'Created At', type: 'date', priority: 0 },
    ],
    rows: items.map(({ metadata }) => ({ cells: [metadata.name, metadata.creationTimestamp ?? null], metadata })),
    ...page,
  };
}

function pageOf(metadata: z.infer<typeof ListMeta> | undefined) {
  return {
    ...(metadata?.continue ? { continue: metadata.continue } : {}),
    ...(metadata?.remainingItemCount === undefined ? {} : { remaining: metadata.remainingItemCount }),
  };
}
