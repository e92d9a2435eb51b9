import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { Condition } from './condition.ts';

const Node = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
  spec: z.looseObject({ unschedulable: z.boolean().optional() }).optional(),
  status: z
    .looseObject({
      conditions: z.array(Condition).optional(),
      nodeInfo: z.looseObject({ kubeletVersion: z.string().optional() }).optional(),
    })
    .optional(),
});
type Node = z.infer<typeof Node>;
const Namespace = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  status: z.looseObject({ phase: z.string().optional() }).optional(),
});

/** Beyond this many names a list is no summary. */
const mostNames = 40;

export type NodeSummary = { readonly lines: readonly string[]; readonly total: number; readonly ready: number };

/** Nodes by state: the sound ones counted, every other by name and with what is the matter. */
export function summariseNodes(items: readonly KubeObject[]): NodeSummary {
  const nodes = items.map((item) => Node.parse(item));
  const troubled = nodes.filter((node) => troublesOf(node).length > 0);
  const ready = nodes.filter((node) => isReady(node)).length;
  const versions = [...new Set(nodes.map(({ status }) => status?.nodeInfo?.kubeletVersion ?? 'unknown'))].toSorted();
  const head = `Nodes: ${nodes.length}, ${ready} ready${nodes.length === 0 ? '' : `; kubelet ${versions.join(', ')}`}`;
  const lines = troubled.map((node) => `  ${node.metadata.name}: ${troublesOf(node).join(', ')}`);
  return { lines: [head, ...capped(lines, '  … and %d more')], total: nodes.length, ready };
}

export function summariseNamespaces(items: readonly KubeObject[]): string[] {
  const namespaces = items.map((item) => Namespace.parse(item));
  const names = namespaces.map(({ metadata, status }) =>
    status?.phase === 'Terminating' ? `${metadata.name} (terminating)` : metadata.name,
  );
  return [`Namespaces: ${names.length}`, `  ${capped(names, 'and %d more').join(', ')}`];
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

/** Not ready, under pressure, or closed for new pods. Every condition but Ready is trouble where it is true. */
function troublesOf(node: Node): string[] {
  const conditions = node.status?.conditions ?? [];
  const notReady = conditions.find(({ type }) => type === 'Ready');
  return [
    ...(isReady(node) ? [] : [`not ready${notReady?.reason ? ` (${notReady.reason})` : ''}`]),
    ...conditions.filter(({ type, status }) => type !== 'Ready' && status === 'True').map(({ type }) => type),
    ...(node.spec?.unschedulable === true ? ['takes no new pods'] : []),
  ];
}

function capped(lines: readonly string[], more: string): string[] {
  if (lines.length <= mostNames) return [...lines];
  return [...lines.slice(0, mostNames), more.replace('%d', String(lines.length - mostNames))];
}
