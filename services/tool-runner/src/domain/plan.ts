import { Failure, type FieldChange, type Notice, type Plan } from '@skyflo/contracts';
import type { KubeObject, ResourceType, WriteRequest } from '@skyflo/kube';
import { applyBody } from './apply-body.ts';
import { withoutAssigned } from './assigned.ts';
import { beyond, changeList } from './change-list.ts';
import { createRequest, creationChange } from './create-request.ts';
import { deleteBody } from './delete-body.ts';
import {
  type ApplyPart,
  type ChangePart,
  type Draft,
  nameOf,
  objectOf,
  objectRefOf,
  type Part,
  type RemovalPart,
} from './draft.ts';
import { markAnnotation, markOf } from './drift.ts';
import { execRequest, programChange } from './exec/program.ts';
import { type Keyed, withFingerprints } from './fingerprints.ts';
import { toPointer, toWords } from './json-pointer.ts';
import { patchOf, withMark } from './patch.ts';
import type { AnyPatch } from './ports.ts';
import { toDiffYaml } from './yaml-text.ts';

/** The one field manager of every write: a second would leave fields behind that nobody manages. */
export const fieldManager = 'skyflo';

/** A patch as it is, to be tried out only: what is sent in the end is always the change list that came of it. */
export function trialOf(type: ResourceType, live: KubeObject, { patchType, patch }: AnyPatch): WriteRequest {
  const { group, version, resource, namespace, name } = objectRefOf(type, live);
  return {
    verb: 'patch',
    ...(patchType === 'json' ? {} : { patchType }),
    target: { group, version, resource, namespace, name },
    body: JSON.stringify(patch),
    options: { fieldManager, fieldValidation: 'Strict' },
  };
}

/** The request of a part, complete before anybody approves it. A mark is left out only to try what it would do. */
export function requestOf(part: Part, mark?: string): WriteRequest {
  const { group, version, resource, namespace, name } = objectOf(part);
  const target = { group, version, resource, namespace, name };
  const options = { fieldManager, fieldValidation: 'Strict' };
  if ('program' in part) return execRequest(part.live, part.program);
  if ('creation' in part) return createRequest(part.live, mark ?? '', { target, options });
  if ('removal' in part) return { verb: 'delete', target, ...deleteOf(part) };
  if ('manifest' in part) {
    const forced = part.force ? { force: 'true' } : {};
    return { verb: 'apply', target, body: applyBody(part, mark), options: { ...options, ...forced } };
  }
  const changes = mark === undefined ? part.changes : withMark(part.live, part.changes, mark);
  return { verb: 'patch', target, body: JSON.stringify(patchOf(part.live, changes)), options };
}

function deleteOf({ type, live, removal: { propagation } }: RemovalPart): Pick<WriteRequest, 'body' | 'options'> {
  // A late duplicate meets another uid or none, and does nothing: so there is no removal of an object without one.
  const { uid } = live.metadata;
  if (uid === undefined) throw Failure.terminal('Unsupported', `${nameOf(type.kind, live.metadata)} has no uid.`);
  return { body: deleteBody({ uid, propagation }), options: { propagationPolicy: propagation } };
}

export type PlanHead = Pick<Plan, 'cluster' | 'tool' | 'argsDigest' | 'grantId' | 'guardLevel'>;

/** A part with its request, and what the API server answered to a dry run of it. */
export type Tried = {
  readonly part: Part;
  readonly mark: string;
  readonly request: WriteRequest;
  readonly bytesDigest: string;
  readonly after: KubeObject | undefined;
};

/**
 * The plan a person is asked about: the draft, with what dry runs of the very requests showed. What the server would change
 * beyond the draft becomes part of it, with a warning. Throws where the server would not keep a change.
 */
export function toPlan(head: PlanHead, draft: Draft, tried: readonly Tried[], keyed: Keyed): Plan {
  const changed = tried.map((one) => ({ object: objectOf(one.part), ...changedBy(one, keyed) }));
  return {
    v: 1,
    cluster: head.cluster,
    tool: head.tool,
    argsDigest: head.argsDigest,
    grantId: head.grantId,
    effect: draft.effect,
    risk: { level: draft.risk.level, reasons: [...draft.risk.reasons] },
    requests: tried.map(({ part, request: { verb, options, subresource }, bytesDigest }) => ({
      verb,
      object: objectOf(part),
      absent: 'creation' in part || part.live === undefined,
      ...(subresource === undefined ? {} : { subresource }),
      bytesDigest,
      options: { ...options },
    })),
    changes: changed.map(({ object, change }) => ({ object, ...change })),
    warnings: [...draft.warnings, ...changed.flatMap(({ warnings }) => warnings)],
    notKnownYet: [...draft.notKnownYet],
    blastRadius: draft.blastRadius,
    reversible: draft.reversible,
    guardLevel: head.guardLevel,
  };
}

type Changed = { readonly change: Omit<Plan['changes'][0], 'object'>; readonly warnings: readonly Notice[] };

function changedBy({ part, mark, after }: Tried, keyed: Keyed): Changed {
  if ('program' in part) return { change: programChange(part.program), warnings: [] };
  if ('creation' in part) return { change: creationChange(after ?? part.live, { grantId: mark, keyed }), warnings: [] };
  if ('removal' in part) return removalOf(part);
  if ('changes' in part) return changeOf(part, { live: part.live, after: after ?? part.live, mark, keyed });
  const { live, manifest } = part;
  const would = after ? withoutAssigned(after, [live, manifest]) : manifest;
  return live === undefined
    ? creationOf(part, would, { mark, keyed })
    : changeOf(part, { live, after: would, mark, keyed });
}

function changeOf(
  part: ChangePart | ApplyPart,
  would: { readonly live: KubeObject; readonly after: KubeObject; readonly mark: string; readonly keyed: Keyed },
): Changed {
  const { live, after, mark, keyed } = would;
  const changes = changeList(live, after);
  const wanted = 'changes' in part ? part.changes : changes;
  const target = nameOf(part.type.kind, live.metadata);
  assertKept(target, beyond(wanted, changes));
  assertMarked(target, after, mark);
  const shown = { before: withFingerprints(live, keyed), after: withFingerprints(after, keyed) };
  const told = changeList(shown.before, shown.after);
  const beyondDraft = new Set(beyond(changes, wanted).map(({ path }) => path));
  return {
    change: {
      changes: withMark(live, told, mark),
      before: toDiffYaml(shown.before),
      after: toDiffYaml(shown.after),
    },
    warnings: serverChanges(told.filter(({ path }) => beyondDraft.has(path))),
  };
}

/** All of the object is new: the list of fields would only say it again. */
function creationOf(
  { type }: ApplyPart,
  after: KubeObject,
  { mark, keyed }: { readonly mark: string; readonly keyed: Keyed },
): Changed {
  assertMarked(nameOf(type.kind, after.metadata), after, mark);
  return { change: creationChange(after, { grantId: mark, keyed }), warnings: [] };
}

/** An object that is to be made, as plans show it: what a later try is held against. */
export function newObjectYaml(object: KubeObject, keyed: Keyed): string {
  return toDiffYaml(withFingerprints(object, keyed));
}

/** All of the object goes: there is no list of fields, and nothing afterwards. */
function removalOf({ live }: RemovalPart): Changed {
  return { change: { changes: [], before: toDiffYaml(live), after: '' }, warnings: [] };
}

/** The approved changes without the grant annotation: what a dry run and the run itself are held against. */
export function approvedChanges(plan: Plan): readonly FieldChange[] {
  const mark = toPointer(['metadata', 'annotations', markAnnotation]);
  return (plan.changes[0]?.changes ?? []).filter(({ path }) => path !== mark);
}

function assertKept(target: string, [lost]: readonly FieldChange[]): void {
  if (!lost) return;
  throw Failure.terminal('ChangeNotKept', `The cluster would not keep ${toWords(lost.path)} of ${target} as wanted.`, {
    hint: 'A webhook of the cluster changes it back. Nothing was written.',
  });
}

function assertMarked(target: string, would: KubeObject, mark: string): void {
  if (markOf(would) !== mark)
    throw Failure.terminal('ChangeNotKept', `The cluster would remove the grant annotation from ${target}.`);
}

function serverChanges(changes: readonly FieldChange[]): Notice[] {
  return changes.map(({ path, from, to }) => ({
    code: 'ServerChangesMore',
    message: `The cluster will also change ${toWords(path)} from ${JSON.stringify(from)} to ${JSON.stringify(to)}.`,
  }));
}
