import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { describePods, toPod } from '../../domain/pods.ts';
import type { Look } from '../tool.ts';

export type Children = { readonly title: string; readonly lines: readonly string[] };

const maxPods = 30;
const Selecting = z.looseObject({
  spec: z.looseObject({
    selector: z
      .union([z.looseObject({ matchLabels: z.record(z.string(), z.string()) }), z.record(z.string(), z.string())])
      .optional(),
  }),
});
const Slice = z.looseObject({
  endpoints: z
    .array(
      z.looseObject({
        addresses: z.array(z.string()),
        conditions: z.looseObject({ ready: z.boolean().optional() }).optional(),
      }),
    )
    .nullish(),
  ports: z.array(z.looseObject({ name: z.string().nullish(), port: z.number().nullish() })).nullish(),
});

/** What belongs under an object: the pods it selects or carries, and for a Service the endpoints that traffic reaches. */
export async function childrenOf(object: KubeObject, look: Look): Promise<Children[]> {
  const { kind } = object;
  if (kind === 'Node') return [await podsOf({ fieldSelector: `spec.nodeName=${object.metadata.name}` }, look)];
  const labels = selectorOf(object);
  if (kind === 'Pod' || object.metadata.namespace === undefined || labels === undefined) return [];
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const pods = await podsOf({ namespace: object.metadata.namespace, labelSelector }, look);
  return kind === 'Service' ? [await endpointsOf(object, look), pods] : [pods];
}

function selectorOf(object: KubeObject): { readonly [key: string]: string } | undefined {
  const selector = Selecting.safeParse(object).data?.spec.selector;
  if (selector === undefined) return undefined;
  const labels =
    'matchLabels' in selector && typeof selector.matchLabels === 'object' ? selector.matchLabels : selector;
  const given = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

async function podsOf(
  selected: { readonly namespace?: string; readonly labelSelector?: string; readonly fieldSelector?: string },
  { cluster, now, signal }: Look,
): Promise<Children> {
  const type = await cluster.discovery.resolve('pods');
  const { items, continue: more } = await cluster.list(type, { ...selected, limit: maxPods, signal });
  const lines = describePods(items.map(toPod), now());
  const by = selected.labelSelector === undefined ? '' : ` (${selected.labelSelector})`;
  return {
    title: `Pods${by}`,
    lines: [...(lines.length === 0 ? ['none match'] : lines), ...(more === undefined ? [] : ['… and more'])],
  };
}

async function endpointsOf({ metadata }: KubeObject, { cluster, signal }: Look): Promise<Children> {
  const type = await cluster.discovery.resolve('endpointslices.discovery.k8s.io');
  const labelSelector = `kubernetes.io/service-name=${metadata.name}`;
  const { items } = await cluster.list(type, { namespace: metadata.namespace, labelSelector, limit: 20, signal });
  const lines = items.flatMap((item) => {
    const { endpoints, ports } = Slice.parse(item);
    const at = (ports ?? []).map(({ port }) => port).join(',');
    return (endpoints ?? []).map(({ addresses, conditions }) => {
      const ready = conditions?.ready === false ? ' (not ready)' : '';
      return `${addresses.join(', ')}:${at}${ready}`;
    });
  });
  return { title: 'Endpoints', lines: lines.length === 0 ? ['none: nothing answers for this Service'] : lines };
}
