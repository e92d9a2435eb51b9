import type { Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { stringify } from 'yaml';
import { z } from 'zod';
import { ageOf } from './age.ts';
import { textTable } from './text-table.ts';

const Template = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).nullish() }).nullish(),
  spec: z.looseObject({
    containers: z.array(z.looseObject({ name: z.string(), image: z.string().optional() })),
  }),
});
type Template = z.infer<typeof Template>;
const ReplicaSet = z.looseObject({
  spec: z.looseObject({ template: Template }),
  status: z.looseObject({ replicas: z.number().optional() }).optional(),
});
const ControllerRevision = z.looseObject({
  revision: z.number(),
  data: z.looseObject({ spec: z.looseObject({ template: Template }) }),
});

/** A pod template that a workload has or had. */
export type Revision = {
  readonly revision: number;
  readonly createdAt?: string | undefined;
  /** What somebody noted as the reason, by the annotation `kubernetes.io/change-cause`. */
  readonly cause?: string | undefined;
  /** How many pods run of it; Kubernetes counts them for Deployments only. */
  readonly pods?: number | undefined;
  readonly template: Template;
  /** By which Argo Rollouts names it. */
  readonly hash?: string | undefined;
};

/** Argo Rollouts numbers its ReplicaSets as Deployments do, under names of its own. */
const revisionMarks = ['deployment.kubernetes.io/revision', 'rollout.argoproj.io/revision'];
export const causeMark = 'kubernetes.io/change-cause';
const argoHashLabel = 'rollouts-pod-template-hash';
const hashLabels = ['pod-template-hash', argoHashLabel];

/**
 * The revisions of a workload, the newest first, out of what its controller keeps: ReplicaSets of a Deployment or
 * Rollout, ControllerRevisions of a StatefulSet or DaemonSet. Others that only match the selector are left out.
 */
export function revisionsOf(owner: KubeObject, kept: readonly KubeObject[]): Revision[] {
  return kept
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === owner.metadata.uid),
    )
    .map((one) => (one.kind === 'ReplicaSet' ? fromReplicaSet(one) : fromControllerRevision(one)))
    .filter(({ revision }) => revision > 0)
    .toSorted((a, b) => b.revision - a.revision);
}

function fromReplicaSet(object: KubeObject): Revision {
  const { spec, status } = ReplicaSet.parse(object);
  const hash = object.metadata.labels?.[argoHashLabel];
  const mark = revisionMarks.map((name) => object.metadata.annotations?.[name]).find((value) => value !== undefined);
  const revision = Number(mark ?? 0);
  return { revision, ...told(object), pods: status?.replicas ?? 0, template: withoutHash(spec.template), hash };
}

function fromControllerRevision(object: KubeObject): Revision {
  const { revision, data } = ControllerRevision.parse(object);
  // It is kept as a patch, which says so of itself.
  const { $patch: _patch, ...template } = data.spec.template;
  return { revision, ...told(object), template: Template.parse(template) };
}

function told({ metadata }: KubeObject): Pick<Revision, 'createdAt' | 'cause'> {
  return { createdAt: metadata.creationTimestamp, cause: metadata.annotations?.[causeMark] };
}

/** The hash tells ReplicaSets apart; nobody wrote it. */
function withoutHash(template: Template): Template {
  const labels = Object.entries(template.metadata?.labels ?? {}).filter(([label]) => !hashLabels.includes(label));
  return { ...template, metadata: { ...template.metadata, labels: Object.fromEntries(labels) } };
}

export function imagesOf({ template }: Revision): string[] {
  const { containers } = template.spec;
  return containers.map(({ name, image = '' }) => (containers.length === 1 ? image : `${name}=${image}`));
}

/** Newest first, the one that is meant to run marked. */
export function historyTable(revisions: readonly Revision[], now: Date): string {
  const withPods = revisions.some(({ pods }) => pods !== undefined);
  const rows = revisions.map((one, n) => [
    `${one.revision}${n === 0 ? ' (now)' : ''}`,
    ageOf(one.createdAt, now),
    ...(withPods ? [String(one.pods ?? 0)] : []),
    imagesOf(one).join(' '),
    one.cause ?? '',
  ]);
  return textTable(['revision', 'age', ...(withPods ? ['pods'] : []), 'images', 'change cause'], rows);
}

export function templateYaml({ template }: Revision): string {
  return stringify(template, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}

export function revisionFacts(revisions: readonly Revision[]): { readonly [name: string]: Json } {
  const [newest] = revisions;
  return { count: revisions.length, ...(newest ? { revision: newest.revision, images: imagesOf(newest) } : {}) };
}
