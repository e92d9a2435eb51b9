import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { cpuText, memoryText, toNumber } from './quantity.ts';
import { textTable } from './text-table.ts';

const Amounts = z.looseObject({ cpu: z.string().optional(), memory: z.string().optional() });
const PodMetrics = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  containers: z.array(z.looseObject({ name: z.string(), usage: Amounts })),
});
const NodeMetrics = z.looseObject({ metadata: z.looseObject({ name: z.string() }), usage: Amounts });
const Node = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  status: z.looseObject({ allocatable: Amounts.optional() }).optional(),
});

/** Cores and bytes. */
type Amount = { readonly cpu: number; readonly memory: number };
export type Usage = Amount & { readonly cells: readonly string[]; readonly of?: Amount | undefined };
export type Order = 'cpu' | 'memory';

/** A row per pod, or per container of each. */
export function podUsages(
  items: readonly KubeObject[],
  { withNamespace, perContainer }: { readonly withNamespace: boolean; readonly perContainer: boolean },
): Usage[] {
  return items
    .map((item) => PodMetrics.parse(item))
    .flatMap(({ metadata, containers }) => {
      const pod = [...(withNamespace ? [metadata.namespace ?? ''] : []), metadata.name];
      if (perContainer) return containers.map(({ name, usage }) => ({ cells: [...pod, name], ...amountOf(usage) }));
      return [{ cells: pod, ...sum(containers.map(({ usage }) => amountOf(usage))) }];
    });
}

/** A row per node, with what pods can have of it at most. */
export function nodeUsages(items: readonly KubeObject[], nodes: readonly KubeObject[]): Usage[] {
  const allocatable = new Map(
    nodes.map((one) => Node.parse(one)).map(({ metadata, status }) => [metadata.name, status?.allocatable]),
  );
  return items
    .map((item) => NodeMetrics.parse(item))
    .map(({ metadata, usage }) => {
      const whole = allocatable.get(metadata.name);
      return { cells: [metadata.name], ...amountOf(usage), of: whole && amountOf(whole) };
    });
}

/** The greediest first; below them what all together use. */
export function usageTable(
  usages: readonly Usage[],
  { header, by, limit }: { readonly header: readonly string[]; readonly by: Order; readonly limit: number },
): string {
  const withShare = usages.some(({ of }) => of !== undefined);
  const shown = usages.toSorted((a, b) => b[by] - a[by]).slice(0, limit);
  const rows = shown.map(({ cells, cpu, memory, of }) => [
    ...cells,
    cpuText(cpu),
    ...(withShare ? [shareOf(cpu, of?.cpu)] : []),
    memoryText(memory),
    ...(withShare ? [shareOf(memory, of?.memory)] : []),
  ]);
  const share = withShare ? ['%'] : [];
  const table = textTable([...header, 'cpu', ...share, 'memory', ...share], rows);
  const all = sum(usages);
  const left = usages.length > shown.length ? `, ${usages.length - shown.length} more are not shown` : '';
  return `${table}\nAll ${usages.length}: ${cpuText(all.cpu)} CPU, ${memoryText(all.memory)} memory${left}.`;
}

function amountOf({ cpu = '0', memory = '0' }: z.infer<typeof Amounts>): Amount {
  return { cpu: toNumber(cpu) ?? 0, memory: toNumber(memory) ?? 0 };
}

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce((all, { cpu, memory }) => ({ cpu: all.cpu + cpu, memory: all.memory + memory }), {
    cpu: 0,
    memory: 0,
  });
}

function shareOf(amount: number, whole: number | undefined): string {
  return whole === undefined || whole === 0 ? '' : `${Math.round((amount / whole) * 100)}%`;
}
