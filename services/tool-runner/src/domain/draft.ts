import type { CheckRequest, FieldChange, Notice, ObjectRef, Plan } from '@skyflo/contracts';
import type { KubeObject, Propagation, ResourceType } from '@skyflo/kube';
import type { EvictionDraft } from './drain/planned.ts';
import type { Program } from './exec/program.ts';

/**
 * What a write tool proposes after it has looked: one object or several as they are, what is to be different, and what a
 * person should know before saying yes. Everything else of a plan (requests, preconditions, dry run, digests) is the same
 * for all tools.
 */
export type Draft = ChangeDraft | RemovalDraft | CreationDraft | ProgramDraft | SeveralDraft;

/** A change, and then, of a node, the pods that are to leave it. */
export type ChangeDraft = Told & ChangePart & Checked & { readonly evictions?: EvictionDraft | undefined };
export type RemovalDraft = Told & RemovalPart & Checked;
export type CreationDraft = Told & CreationPart & Checked;
export type ProgramDraft = Told & ProgramPart & Checked;
/** Each part is one request; they are sent in this order, and what comes after one that was not done is not sent. */
export type SeveralDraft = Told & { readonly parts: readonly (Part & Checked)[] };

/** What becomes of one object. */
export type Part = ChangePart | RemovalPart | CreationPart | ProgramPart | ApplyPart;

/** Fields of an object are to be different. */
export type ChangePart = {
  readonly type: ResourceType;
  readonly live: KubeObject;
  readonly changes: readonly FieldChange[];
};

/** The object is to go. */
export type RemovalPart = {
  readonly type: ResourceType;
  readonly live: KubeObject;
  readonly removal: { readonly propagation: Propagation };
};

/** `live` is to be made: an object whose name no other grant gives. */
export type CreationPart = { readonly type: ResourceType; readonly live: KubeObject; readonly creation: true };

/** A program is to run in a container of the pod. */
export type ProgramPart = { readonly type: ResourceType; readonly live: KubeObject; readonly program: Program };

/** The object is to be as a manifest says, by server-side apply. Where there is none yet, it is made. */
export type ApplyPart = {
  readonly type: ResourceType;
  readonly live: KubeObject | undefined;
  readonly manifest: KubeObject;
  /** Takes fields from those who manage them. */
  readonly force: boolean;
};

/** Reads that show afterwards whether it took. */
type Checked = { readonly checks: readonly CheckRequest[] };

type Told = {
  /** One sentence: `Scale Deployment shop/checkout from 2 to 3 pods.` */
  readonly effect: string;
  readonly risk: Plan['risk'];
  readonly blastRadius: Plan['blastRadius'];
  readonly reversible: Plan['reversible'];
  readonly warnings: readonly Notice[];
  readonly notKnownYet: readonly string[];
};

export function partsOf(draft: Draft): readonly (Part & Checked)[] {
  return 'parts' in draft ? draft.parts : [draft];
}

/** The object of a part as plans and grants name it. */
export function objectOf(part: Part): ObjectRef {
  return objectRefOf(part.type, 'manifest' in part ? (part.live ?? part.manifest) : part.live);
}

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
