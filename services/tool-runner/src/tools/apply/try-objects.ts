import { Failure, type FieldChange } from '@skyflo/contracts';
import type { FieldConflict, KubeObject, WriteAnswer } from '@skyflo/kube';
import { assertMayBeApplied, toApplied } from './applied.ts';
import { withoutAssigned } from '../../domain/assigned.ts';
import { changeList } from '../../domain/change-list.ts';
import { type ApplyPart, nameOf } from '../../domain/draft.ts';
import { parseManifest, type Wanted } from '../../domain/manifest.ts';
import { fieldManager } from '../../domain/plan.ts';
import type { TrialLook } from '../tool.ts';

export type TriedObject = {
  readonly part: ApplyPart;
  readonly target: string;
  /** As it would be. */
  readonly after: KubeObject;
  /** Against the object as it is; all of it where there is none. */
  readonly changes: readonly FieldChange[];
  /** Fields with other values that others manage, which it would take. */
  readonly conflicts: readonly FieldConflict[];
};

type Asked = { readonly manifest: string; readonly namespace?: string | undefined };

/** Every object of a manifest with what applying it would do, in order. Nothing is asked of the cluster before all are read. */
export async function tryObjects({ manifest, namespace }: Asked, look: TrialLook): Promise<readonly TriedObject[]> {
  const wanted = parseManifest(manifest);
  const parts = await Promise.all(wanted.map((one) => toPart(one, namespace, look)));
  const twice = parts.find((part, n) => parts.findIndex((other) => placeOf(other) === placeOf(part)) !== n);
  if (twice)
    throw Failure.terminal(
      'InvalidArguments',
      `manifest: ${nameOf(twice.type.kind, twice.manifest.metadata)} is in it twice.`,
    );
  return await Promise.all(parts.map((part) => tryPart(part, look)));
}

function placeOf({ type, manifest: { metadata } }: ApplyPart): string {
  return [type.group, type.resource, metadata.namespace ?? '', metadata.name].join(' ');
}

async function toPart(
  wanted: Wanted,
  namespace: string | undefined,
  { cluster, signal }: TrialLook,
): Promise<ApplyPart> {
  const [version = '', group = ''] = wanted.apiVersion.split('/').reverse();
  const type = await cluster.discovery.find({ group, version, kind: wanted.kind }).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'KindUnknown') throw error;
    const word = `${wanted.kind} of ${wanted.apiVersion}`.slice(0, 120);
    throw Failure.terminal('KindUnknown', `manifest: the cluster serves no ${word}.`, {
      hint: 'If a CustomResourceDefinition makes it, apply that first, in a call of its own.',
    });
  });
  const manifest = toApplied(wanted, type, namespace);
  assertMayBeApplied(type, manifest);
  const live = await cluster.get(type, manifest.metadata, { signal }).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'NotFound') return undefined;
    throw error;
  });
  return { type, live, manifest, force: false };
}

/** Tried without force first, which tells whose fields it would take; with it then, which tells what would be. */
async function tryPart(part: ApplyPart, look: TrialLook): Promise<TriedObject> {
  const target = nameOf(part.type.kind, part.manifest.metadata);
  const gentle = await look.tryApply(part);
  const conflicts = gentle.kind === 'refused' ? gentle.conflicts : [];
  const force = conflicts.length > 0;
  const answer = force ? await look.tryApply({ ...part, force }) : gentle;
  const after = withoutAssigned(takenFrom(answer, target), [part.live, part.manifest]);
  return {
    part: { ...part, force },
    target,
    after,
    changes: changeList(part.live ?? emptyLike(after), after),
    // Fields that earlier changes of our own set are nobody else's.
    conflicts: conflicts.filter(({ manager }) => manager !== fieldManager).map(named),
  };
}

/** The API server's own word for everybody who wrote to an object that was never applied. */
function named({ manager, field }: FieldConflict): FieldConflict {
  return { field, manager: manager === 'before-first-apply' ? 'whoever wrote it before the first apply' : manager };
}

function emptyLike({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

function takenFrom(answer: WriteAnswer, target: string): KubeObject {
  if (answer.kind === 'accepted') return answer.object;
  if (!('failure' in answer)) throw Failure.terminal('Unsupported', `${target} was not shown by the API server.`);
  const { code, message } = answer.failure;
  throw Failure.terminal(code, `manifest: ${target}: ${message}`, { cause: answer.failure, hint: hintOf(message) });
}

function hintOf(message: string): string {
  if (/namespaces? "[^"]+" not found/.test(message))
    return 'Apply the Namespace first, in a call of its own: the cluster cannot check what goes where nothing is.';
  if (/immutable/.test(message))
    return 'That field cannot be changed. Leave it as it is, or apply the object under another name.';
  return 'Nothing was written. What an object needs of the same manifest has to be applied first, in a call of its own.';
}
