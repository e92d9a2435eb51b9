import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import type { z } from 'zod';
import {
  Autoscaler,
  Claim,
  Controller,
  Ingress,
  Node,
  Pod,
  Quota,
  Service,
  Slice,
  StorageClass,
  Warning,
} from '../../domain/diagnose/objects.ts';
import { byObject, type Listed, type Snapshot } from '../../domain/diagnose/snapshot.ts';
import type { Look } from '../tool.ts';

export type Reading = { readonly snapshot: Snapshot; readonly read: string; readonly gaps: readonly string[] };

const pageSize = 500;
/** What is beyond is not read, and that is said: a diagnosis of a whole cluster must not become a copy of it. */
const mostPages = 4;
/** Answers that mean this cluster, or this identity, does not show that kind; everything else of the diagnosis stands. */
const hidden = new Set(['Forbidden', 'KindUnknown', 'NotFound', 'MethodNotAllowed']);

type Pages = { readonly items: readonly KubeObject[]; readonly gap?: string };

/** Reads everything that analyzers look at, all kinds at the same time. */
export async function readSnapshot(namespace: string | undefined, look: Look): Promise<Reading> {
  const gaps: string[] = [];
  const partial = new Set<Listed>();
  const list = async <Schema extends z.ZodType>(
    into: Listed,
    kind: string,
    schema: Schema,
    fieldSelector?: string,
  ): Promise<z.infer<Schema>[]> => {
    const { items, gap } = await readAll(kind, { namespace, fieldSelector }, look);
    const parsed = items.flatMap((item) => {
      const { data } = schema.safeParse(item);
      return data === undefined ? [] : [data];
    });
    if (gap !== undefined) gaps.push(gap);
    if (gap !== undefined || parsed.length < items.length) partial.add(into);
    return parsed;
  };
  const controllers = (kind: string) => list('workloads', kind, Controller);
  const [
    pods,
    workloads,
    replicaSets,
    services,
    slices,
    claims,
    storageClasses,
    autoscalers,
    ingresses,
    quotas,
    nodes,
    warnings,
  ] = await Promise.all([
    list('pods', 'pods', Pod),
    Promise.all(['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch'].map(controllers)),
    list('replicaSets', 'replicasets.apps', Controller),
    list('services', 'services', Service),
    list('slices', 'endpointslices.discovery.k8s.io', Slice),
    list('claims', 'persistentvolumeclaims', Claim),
    list('storageClasses', 'storageclasses.storage.k8s.io', StorageClass),
    list('autoscalers', 'horizontalpodautoscalers.autoscaling', Autoscaler),
    list('ingresses', 'ingresses.networking.k8s.io', Ingress),
    list('quotas', 'resourcequotas', Quota),
    list('nodes', 'nodes', Node),
    list('warnings', 'events', Warning, 'type=Warning'),
  ]);
  const snapshot = {
    now: look.now(),
    pods,
    workloads: workloads.flat(),
    replicaSets,
    services,
    slices,
    claims,
    storageClasses,
    autoscalers,
    ingresses,
    quotas,
    nodes,
    warnings: byObject(warnings),
    partial,
  };
  const read = `${pods.length} pods, ${snapshot.workloads.length} workloads, ${services.length} Services`;
  return { snapshot, read, gaps: gaps.toSorted() };
}

async function readAll(
  kind: string,
  selected: { readonly namespace: string | undefined; readonly fieldSelector: string | undefined },
  { cluster, signal }: Look,
): Promise<Pages> {
  const items: KubeObject[] = [];
  try {
    const type = await cluster.discovery.resolve(kind);
    let handle: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const list = await cluster.list(type, { ...selected, limit: pageSize, continue: handle, signal });
      items.push(...list.items);
      handle = list.continue;
      if (handle === undefined) return { items };
    }
    return { items, gap: `Only the first ${items.length} ${type.resource} were read; name a namespace to see all.` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // The list grew old between two pages: what was read is as good as any list.
    if (error.code === 'ContinueExpired') return { items, gap: `Only the first ${items.length} of ${kind} were read.` };
    if (hidden.has(error.code)) return { items, gap: `Not read: ${kind} (${error.code}).` };
    throw error;
  }
}
