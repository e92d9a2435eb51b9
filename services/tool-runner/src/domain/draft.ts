import type { CheckRequest, FieldChange, Notice, ObjectRef, Plan } from '@skyflo/contracts';
import type { KubeObject, Propagation, ResourceType } from '@skyflo/kube';
import type { EvictionDraft } from './drain/planned.ts';
import type { Program } from './exec/program.ts';

/**
 * What a write tool proposes after it has looked: the object as it is, what is to be different, and what a person should
 * know before saying yes. Everything else of a plan (requests, preconditions, dry run, digests) is the same for all tools.
 */
export type Draft = ChangeDraft | RemovalDraft | ProgramDraft | CreationDraft;

/** Fields of an object are to be different, and then, of a node, pods are to leave it. */
export type ChangeDraft = Told & {
  readonly changes: readonly FieldChange[];
  readonly evictions?: EvictionDraft | undefined;
};

/** The object is to go. */
export type RemovalDraft = Told & { readonly removal: { readonly propagation: Propagation } };

/** `live` is to be made: an object whose name no other grant gives. */
export type CreationDraft = Told & { readonly creation: true };

/** A program is to run in a container of the pod. */
export type ProgramDraft = Told & { readonly program: Program };

type Told = {
  readonly type: ResourceType;
  readonly live: KubeObject;
  /** One sentence: `Scale Deployment shop/checkout from 2 to 3 pods.` */
  readonly effect: string;
  readonly risk: Plan['risk'];
  readonly blastRadius: Plan['blastRadius'];
  readonly reversible: Plan['reversible'];
  readonly warnings: readonly Notice[];
  readonly notKnownYet: readonly string[];
  /** Reads that show afterwards whether it took. */
  readonly checks: readonly CheckRequest[];
};

/** The object as plans and grants name it. */
export function objectRefOf(type: ResourceType, { metadata }: KubeObject): ObjectRef {
  const { group, version, resource, kind } = type;
  return {
    group,
    version,
    resource,
    kind,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    name: metadata.name,
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
  };
}

/** `Deployment shop/checkout`: how an object is called in every sentence. */
export function nameOf(
  kind: string,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
