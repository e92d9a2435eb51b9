import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { Condition } from './condition.ts';
import { cpuText, memoryText, toNumber } from './quantity.ts';
import { textTable } from './text-table.ts';

const Amounts = z.record(z.string(), z.string());
const Container = z.looseObject({
  resources: z.looseObject({ requests: Amounts.nullish(), limits: Amounts.nullish() }).nullish(),
});
const Pod = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({
    containers: z.array(Container),
    initContainers: z.array(Container.extend({ restartPolicy: z.string().nullish() })).nullish(),
    overhead: Amounts.nullish(),
  }),
  status: z.looseObject({ phase: z.string().optional() }).optional(),
});
type Pod = z.infer<typeof Pod>;
const Node = z.looseObject({
  spec: z
    .looseObject({
      unschedulable: z.boolean().optional(),
      taints: z.array(z.looseObject({ key: z.string(), value: z.string().optional(), effect: z.string() })).nullish(),
    })
    .optional(),
  status: z.looseObject({
    allocatable: Amounts.default({}),
    conditions: z.array(Condition).default([]),
    nodeInfo: z
      .looseObject({ kubeletVersion: z.string(), osImage: z.string(), containerRuntimeVersion: z.string() })
      .optional(),
  }),
});

type Kind = 'requests' | 'limits';
type Resource = 'cpu' | 'memory';
type Row = { readonly pod: Pod } & Readonly<Record<Kind, Readonly<Record<Resource, number>>>>;
export type NodeStats = { readonly text: string; readonly facts: { readonly [name: string]: number | boolean } };

const shownPods = 15;

/** How full a node is, by what its pods ask for, what they may use, and, where it is known, what they use. */
export function nodeStats(
  target: string,
  node: KubeObject,
  {
    pods,
    used,
  }: { readonly pods: readonly KubeObject[]; readonly used: Readonly<Record<Resource, number>> | undefined },
): NodeStats {
  const { spec, status } = Node.parse(node);
  const rows = pods
    .map((pod) => Pod.parse(pod))
    .filter(isAlive)
    .map(toRow);
  const whole = (resource: string) => toNumber(status.allocatable[resource] ?? '0') ?? 0;
  const all = (kind: Kind, resource: Resource) => rows.reduce((sum, row) => sum + row[kind][resource], 0);
  const line = (resource: Resource, show: (amount: number) => string) => [
    resource,
    show(whole(resource)),
    withShare(all('requests', resource), whole(resource), show),
    withShare(all('limits', resource), whole(resource), show),
    used === undefined ? 'unknown' : withShare(used[resource], whole(resource), show),
  ];
  const isReady = status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  const table = textTable(
    ['resource', 'allocatable', 'requested', 'limits', 'used'],
    [line('cpu', cpuText), line('memory', memoryText), ['pods', String(whole('pods')), String(rows.length), '', '']],
  );
  const text = [
    [
      `${target} is ${isReady ? 'ready' : 'not ready'}${spec?.unschedulable === true ? ', and cordoned' : ''}.`,
      ...troubles(status.conditions),
    ].join('\n'),
    table,
    heaviest(rows),
    taintsLine(spec?.taints ?? []),
    infoLine(status.nodeInfo),
  ];
  return {
    text: text.filter((part) => part !== '').join('\n\n'),
    facts: { ready: isReady, cordoned: spec?.unschedulable === true, pods: rows.length },
  };
}

function isAlive({ status }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** As the scheduler counts (resource.PodRequests): sidecars beside the containers, other init containers before them. */
function toRow(pod: Pod): Row {
  const of = (kind: Kind, resource: Resource) => {
    const amount = ({ resources }: z.infer<typeof Container>) => toNumber(resources?.[kind]?.[resource] ?? '0') ?? 0;
    const sum = (containers: readonly z.infer<typeof Container>[]) =>
      containers.reduce((all, one) => all + amount(one), 0);
    const init = pod.spec.initContainers ?? [];
    const sidecars = sum(init.filter(({ restartPolicy }) => restartPolicy === 'Always'));
    const first = Math.max(0, ...init.filter(({ restartPolicy }) => restartPolicy !== 'Always').map(amount));
    const whole = Math.max(sum(pod.spec.containers) + sidecars, first);
    // No limit stays none.
    return kind === 'limits' && whole === 0 ? 0 : whole + (toNumber(pod.spec.overhead?.[resource] ?? '0') ?? 0);
  };
  const both = (kind: Kind) => ({ cpu: of(kind, 'cpu'), memory: of(kind, 'memory') });
  return { pod, requests: both('requests'), limits: both('limits') };
}

/** What a healthy node does not say. */
function troubles(conditions: readonly z.infer<typeof Condition>[]): string[] {
  return conditions
    .filter(({ type, status }) => (type === 'Ready') !== (status === 'True'))
    .map(({ type, reason = '', message = '' }) => `${type}: ${[reason, message].filter(Boolean).join(', ')}`);
}

function heaviest(rows: readonly Row[]): string {
  const shown = rows.toSorted((a, b) => b.requests.memory - a.requests.memory).slice(0, shownPods);
  if (shown.length === 0) return 'No pod runs on it.';
  const cells = shown.map(({ pod: { metadata }, requests, limits }) => [
    metadata.namespace,
    metadata.name,
    cpuText(requests.cpu),
    limitText(limits.cpu, cpuText),
    memoryText(requests.memory),
    limitText(limits.memory, memoryText),
  ]);
  const left = rows.length > shown.length ? `\n… and ${rows.length - shown.length} more` : '';
  return `${textTable(['namespace', 'pod', 'cpu asked', 'cpu limit', 'memory asked', 'memory limit'], cells)}${left}`;
}

function limitText(amount: number, show: (amount: number) => string): string {
  return amount === 0 ? 'none' : show(amount);
}

function withShare(amount: number, whole: number, show: (amount: number) => string): string {
  return whole === 0 ? show(amount) : `${show(amount)} (${Math.round((amount / whole) * 100)}%)`;
}

function taintsLine(taints: readonly { key: string; value?: string | undefined; effect: string }[]): string {
  if (taints.length === 0) return '';
  return `Taints: ${taints.map(({ key, value, effect }) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`).join(', ')}.`;
}

function infoLine(info: z.infer<typeof Node>['status']['nodeInfo']): string {
  return info ? `Kubelet ${info.kubeletVersion}, ${info.containerRuntimeVersion}, ${info.osImage}.` : '';
}
