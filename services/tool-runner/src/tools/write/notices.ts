import { Failure, type Notice } from '@skyflo/contracts';
import type { KubeObject, OwnerReference, ResourceType } from '@skyflo/kube';
import { z } from 'zod';
import { nameOf } from '../../domain/draft.ts';
import type { Workload } from '../../domain/workload.ts';
import type { Look } from '../tool.ts';

const Autoscaler = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }) }),
});

/** The name of the autoscaler that owns an object's replicas. An account that may not look knows of none. */
export async function autoscalerOf(
  type: ResourceType,
  { metadata }: KubeObject,
  { cluster, signal }: Look,
): Promise<string | undefined> {
  try {
    const autoscalers = await cluster.discovery.resolve('horizontalpodautoscalers.autoscaling');
    const { items } = await cluster.list(autoscalers, { namespace: metadata.namespace, limit: 500, signal });
    return items
      .map((item) => Autoscaler.parse(item))
      .find(({ spec }) => spec.scaleTargetRef.kind === type.kind && spec.scaleTargetRef.name === metadata.name)
      ?.metadata.name;
  } catch (error) {
    if (error instanceof Failure && (error.code === 'Forbidden' || error.code === 'KindUnknown')) return undefined;
    throw error;
  }
}

/** For a change of how many pods there are. */
export async function autoscalerNotices(type: ResourceType, object: KubeObject, look: Look): Promise<Notice[]> {
  const autoscaler = await autoscalerOf(type, object, look);
  if (autoscaler === undefined) return [];
  const target = nameOf(type.kind, object.metadata);
  const message = `HorizontalPodAutoscaler ${autoscaler} decides how many pods ${target} has and will change this again.`;
  return [{ code: 'AutoscalerOwnsReplicas', message }];
}

/** Who keeps an object in step with a repository, by the marks that Argo CD, Flux and Helm leave. */
const gitOps: readonly (readonly [string, RegExp])[] = [
  ['Argo CD', /^argocd\.argoproj\.io\/(tracking-id|instance)$/],
  ['Flux', /^(kustomize|helm)\.toolkit\.fluxcd\.io\/name$/],
];

export function gitOpsNotices({ metadata }: KubeObject): Notice[] {
  const marks = [...Object.keys(metadata.labels ?? {}), ...Object.keys(metadata.annotations ?? {})];
  return gitOps
    .filter(([, pattern]) => marks.some((mark) => pattern.test(mark)))
    .map(([who]) => ({ code: 'ManagedByGitOps', message: `${who} manages this object and will revert the change.` }));
}

/** Whoever controls an object would undo a change of it at once. Its pods are another matter: they are made anew. */
export function assertOwnMaster({ metadata }: KubeObject, target: string, instead: string): void {
  const owner = controllerOf(metadata);
  if (owner)
    throw Failure.terminal(
      'OwnedByAnother',
      `${target} belongs to ${owner.kind} ${owner.name}, which would undo this.`,
      { hint: `${instead} ${owner.kind} ${owner.name} instead.` },
    );
}

export function controllerOf({ ownerReferences }: KubeObject['metadata']): OwnerReference | undefined {
  return ownerReferences?.find(({ controller }) => controller === true);
}

export function onDeleteNotices(target: string, { spec }: Workload): Notice[] {
  if (spec.updateStrategy?.type !== 'OnDelete') return [];
  const message = `${target} replaces pods only when somebody deletes them (OnDelete): nothing happens by itself.`;
  return [{ code: 'OnlyOnDelete', message }];
}
