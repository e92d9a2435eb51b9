import type { FoundObject } from '@skyflo/contracts';
import type {
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
} from './objects.ts';

/** Everything of one namespace (or of all) that was read at the same time: analyzers see this and nothing else. */
export type Snapshot = {
  readonly now: Date;
  readonly pods: readonly Pod[];
  /** Deployments, StatefulSets, DaemonSets and Jobs. */
  readonly workloads: readonly Controller[];
  readonly replicaSets: readonly Controller[];
  readonly services: readonly Service[];
  readonly slices: readonly Slice[];
  readonly claims: readonly Claim[];
  readonly storageClasses: readonly StorageClass[];
  readonly autoscalers: readonly Autoscaler[];
  readonly ingresses: readonly Ingress[];
  readonly quotas: readonly Quota[];
  readonly nodes: readonly Node[];
  /** Warning events by the key of their object, the newest first. */
  readonly warnings: ReadonlyMap<string, readonly Warning[]>;
  /** Kinds of which not everything could be read: of these, absence proves nothing. */
  readonly partial: ReadonlySet<Listed>;
};
export type Listed = Exclude<keyof Snapshot, 'now' | 'partial'>;

type Named = { readonly metadata: { readonly name: string; readonly namespace?: string | undefined } };

export function objectOf(kind: string, { metadata: { name, namespace } }: Named): FoundObject {
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** One text per object, to look it up by. */
export function keyOf({ kind, namespace, name }: FoundObject): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

/** Events by the object they are about, the newest first: the API lists them in no order of time. */
export function byObject(warnings: readonly Warning[]): Map<string, readonly Warning[]> {
  return Map.groupBy(
    warnings.toSorted((a, b) => b.at - a.at),
    ({ about }) => keyOf(about),
  );
}

export function warningsOf({ warnings }: Snapshot, object: FoundObject): readonly Warning[] {
  return warnings.get(keyOf(object)) ?? [];
}

/** Pods of a selector in a namespace; an empty selector selects nothing here, as with a Service. */
export function podsSelected(
  snapshot: Snapshot,
  namespace: string | undefined,
  selector: Pod['metadata']['labels'],
): Pod[] {
  const wanted = Object.entries(selector);
  if (wanted.length === 0) return [];
  return snapshot.pods.filter(
    ({ metadata }) =>
      metadata.namespace === namespace && wanted.every(([key, value]) => metadata.labels[key] === value),
  );
}
