import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { type Revision, revisionsOf } from '../../domain/revisions.ts';
import { LabelSelector, selectorText } from '../../domain/selector-text.ts';
import type { Look } from '../tool.ts';

const Selecting = z.looseObject({ spec: z.looseObject({ selector: LabelSelector.nullish() }) });

/** Kubernetes keeps ten unless a workload says otherwise; this is for those that never clean up. */
const most = 500;

/** What the controller of a Deployment, Rollout, StatefulSet or DaemonSet keeps of its former pod templates, the newest first. */
export async function keptRevisions(owner: KubeObject, { cluster, signal }: Look): Promise<Revision[]> {
  const labelSelector = selectorText(Selecting.parse(owner).spec.selector ?? {});
  if (labelSelector === undefined) return [];
  const kind =
    owner.kind === 'Deployment' || owner.kind === 'Rollout' ? 'replicasets.apps' : 'controllerrevisions.apps';
  const type = await cluster.discovery.resolve(kind);
  const { namespace } = owner.metadata;
  const { items } = await cluster.list(type, { namespace, labelSelector, limit: most, signal });
  return revisionsOf(owner, items);
}
