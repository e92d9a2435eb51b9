import type { KubeObject } from '@skyflo/kube';
import { hasEnded, isMirror, makerOf, type NodePod, pathOf, scratchOf, toNodePod } from './node-pod.ts';

/** What a person agreed to lose; without it such pods are in the way. */
export type Consent = { readonly unmanaged: boolean; readonly scratch: boolean };

export type Leaving = {
  readonly object: KubeObject;
  readonly pod: NodePod;
  /** Who makes another one elsewhere; undefined where nobody does. */
  readonly maker: string | undefined;
  readonly scratch: readonly string[];
};
export type Told = { readonly path: string; readonly why: string };
export type Sorted = {
  readonly leaving: readonly Leaving[];
  readonly staying: readonly Told[];
  readonly inTheWay: readonly Told[];
};

/**
 * The pods of a node as `kubectl drain` sorts them (pkg/drain/filters.go), DaemonSets ignored: what is being deleted, what a
 * DaemonSet or the kubelet would put back at once stays; what has ended may always go; what nobody makes anew, or whose
 * emptyDir is lost, goes only with consent.
 */
export function sortPods(
  objects: readonly KubeObject[],
  { consent, daemonSets }: { readonly consent: Consent; readonly daemonSets: ReadonlySet<string> },
): Sorted {
  const leaving: Leaving[] = [];
  const staying: Told[] = [];
  const inTheWay: Told[] = [];
  for (const object of objects) {
    const pod = toNodePod(object);
    const path = pathOf(pod);
    const stays = whyItStays(pod, daemonSets);
    const blocks = stays === undefined && !hasEnded(pod) ? whatItCosts(pod, consent) : undefined;
    if (stays !== undefined) staying.push({ path, why: stays });
    else if (blocks !== undefined) inTheWay.push({ path, why: blocks });
    else leaving.push({ object, pod, maker: makerName(pod), scratch: hasEnded(pod) ? [] : scratchOf(pod) });
  }
  return { leaving, staying, inTheWay };
}

function whyItStays(pod: NodePod, daemonSets: ReadonlySet<string>): string | undefined {
  if (pod.metadata.deletionTimestamp != null) return 'is ending already';
  const maker = makerOf(pod);
  if (maker?.kind === 'DaemonSet' && daemonSets.has(maker.uid) && !hasEnded(pod)) return `DaemonSet ${maker.name}`;
  return isMirror(pod) ? 'run by the kubelet itself' : undefined;
}

function whatItCosts(pod: NodePod, consent: Consent): string | undefined {
  const maker = makerOf(pod);
  const scratch = scratchOf(pod);
  const costs = [
    ...(maker === undefined && !consent.unmanaged ? ['nobody makes it anew (evict_unmanaged)'] : []),
    ...(maker?.kind === 'DaemonSet' && !consent.unmanaged
      ? [`its DaemonSet ${maker.name} is gone, so nobody makes it anew (evict_unmanaged)`]
      : []),
    ...(scratch.length > 0 && !consent.scratch
      ? [`what is in its emptyDir ${scratch.join(', ')} is lost (evict_local_data)`]
      : []),
  ];
  return costs.length === 0 ? undefined : costs.join('; ');
}

function makerName(pod: NodePod): string | undefined {
  const maker = makerOf(pod);
  return maker === undefined || maker.kind === 'DaemonSet' ? undefined : `${maker.kind} ${maker.name}`;
}
