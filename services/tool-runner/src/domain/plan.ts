import { Failure, type Notice, type Plan } from '@skyflo/contracts';
import type { KubeObject, ResourceType, WriteRequest } from '@skyflo/kube';
import { beyond, changeList } from './change-list.ts';
import { createRequest, creationChange } from './create-request.ts';
import { deleteBody } from './delete-body.ts';
import { type ChangeDraft, type Draft, nameOf, objectRefOf, type RemovalDraft } from './draft.ts';
import { markOf } from './drift.ts';
import { execRequest, programChange } from './exec/program.ts';
import { type Keyed, withFingerprints } from './fingerprints.ts';
import { toWords } from './json-pointer.ts';
import { patchOf, withMark } from './patch.ts';
import type { AnyPatch } from './ports.ts';
import { toDiffYaml } from './yaml-text.ts';

/** The one field manager of every write: a second would leave fields behind that nobody manages. */
const fieldManager = 'skyflo';
const writeOptions = { fieldManager, fieldValidation: 'Strict' };

/** A patch as it is, to be tried out only: what is sent in the end is always the change list that came of it. */
export function trialOf(type: ResourceType, live: KubeObject, { patchType, patch }: AnyPatch): WriteRequest {
  const { group, version, resource, namespace, name } = objectRefOf(type, live);
  return {
    verb: 'patch',
    ...(patchType === 'json' ? {} : { patchType }),
    target: { group, version, resource, namespace, name },
    body: JSON.stringify(patch),
    options: writeOptions,
  };
}

/** The request of a draft, complete to the last byte, before anybody approves it. */
export function requestOf(draft: Draft, grantId: string): WriteRequest {
  const { group, version, resource, namespace, name } = objectRefOf(draft.type, draft.live);
  const target = { group, version, resource, namespace, name };
  if ('program' in draft) return execRequest(draft.live, draft.program);
  if ('creation' in draft) return createRequest(draft.live, grantId, { target, options: writeOptions });
  if ('removal' in draft) {
    // A late duplicate meets another uid or none, and does nothing: so there is no removal of an object without one.
    const { uid } = draft.live.metadata;
    if (uid === undefined) throw Failure.terminal('Unsupported', `${nameOf(draft.type.kind, { name })} has no uid.`);
    const { propagation } = draft.removal;
    const options = { propagationPolicy: propagation };
    return { verb: 'delete', target, body: deleteBody({ uid, propagation }), options };
  }
  return {
    verb: 'patch',
    target,
    body: JSON.stringify(patchOf(draft.live, withMark(draft.live, draft.changes, grantId))),
    options: { fieldManager, fieldValidation: 'Strict' },
  };
}

export type PlanHead = Pick<Plan, 'cluster' | 'tool' | 'argsDigest' | 'grantId' | 'guardLevel'>;

/**
 * The plan a person is asked about: the draft, with what the API server answered to a dry run of the very request. What the
 * server would change beyond the draft becomes part of it, with a warning. Throws where the server would not keep a change.
 */
export function toPlan(
  head: PlanHead,
  draft: Draft,
  dryRun: {
    readonly request: WriteRequest;
    readonly bytesDigest: string;
    readonly after: KubeObject | undefined;
    readonly keyed: Keyed;
  },
): Plan {
  const { verb, options, subresource } = dryRun.request;
  const object = objectRefOf(draft.type, draft.live);
  const { change, warnings } = changedBy(draft, dryRun.after ?? draft.live, { ...head, ...dryRun });
  return {
    v: 1,
    cluster: head.cluster,
    tool: head.tool,
    argsDigest: head.argsDigest,
    grantId: head.grantId,
    effect: draft.effect,
    risk: { level: draft.risk.level, reasons: [...draft.risk.reasons] },
    requests: [
      {
        verb,
        object,
        absent: 'creation' in draft,
        ...(subresource === undefined ? {} : { subresource }),
        bytesDigest: dryRun.bytesDigest,
        options: { ...options },
      },
    ],
    changes: [{ object, ...change }],
    warnings: [...draft.warnings, ...warnings],
    notKnownYet: [...draft.notKnownYet],
    blastRadius: draft.blastRadius,
    reversible: draft.reversible,
    guardLevel: head.guardLevel,
  };
}

type Changed = { readonly change: Omit<Plan['changes'][0], 'object'>; readonly warnings: readonly Notice[] };

function changedBy(draft: Draft, after: KubeObject, how: { readonly grantId: string; readonly keyed: Keyed }): Changed {
  if ('program' in draft) return { change: programChange(draft.program), warnings: [] };
  if ('creation' in draft) return { change: creationChange(after, how), warnings: [] };
  return 'removal' in draft ? removalOf(draft) : changeOf(draft, after, how);
}

function changeOf(
  draft: ChangeDraft,
  after: KubeObject,
  { grantId, keyed }: { readonly grantId: string; readonly keyed: Keyed },
): Changed {
  const { live } = draft;
  const changes = changeList(live, after);
  assertKept(draft, { changes, mark: markOf(after), grantId });
  const shown = { before: withFingerprints(live, keyed), after: withFingerprints(after, keyed) };
  const told = changeList(shown.before, shown.after);
  const beyondDraft = new Set(beyond(changes, draft.changes).map(({ path }) => path));
  return {
    change: {
      changes: withMark(live, told, grantId),
      before: toDiffYaml(shown.before),
      after: toDiffYaml(shown.after),
    },
    warnings: serverChanges(told.filter(({ path }) => beyondDraft.has(path))),
  };
}

/** All of the object goes: there is no list of fields, and nothing afterwards. */
function removalOf({ live }: RemovalDraft): Changed {
  return { change: { changes: [], before: toDiffYaml(live), after: '' }, warnings: [] };
}

/** The approved changes without the grant annotation: what a dry run and the run itself are held against. */
export function approvedChanges(plan: Plan) {
  const changes = plan.changes[0]?.changes ?? [];
  return changes.filter(({ to }) => to !== plan.grantId);
}

function assertKept(
  draft: ChangeDraft,
  would: { readonly changes: Plan['changes'][0]['changes']; readonly mark: string | null; readonly grantId: string },
): void {
  const [lost] = beyond(draft.changes, would.changes);
  const target = nameOf(draft.type.kind, draft.live.metadata);
  if (lost)
    throw Failure.terminal(
      'ChangeNotKept',
      `The cluster would not keep ${toWords(lost.path)} of ${target} as wanted.`,
      {
        hint: 'A webhook of the cluster changes it back. Nothing was written.',
      },
    );
  if (would.mark !== would.grantId)
    throw Failure.terminal('ChangeNotKept', `The cluster would remove the grant annotation from ${target}.`);
}

function serverChanges(changes: Plan['changes'][0]['changes']): Notice[] {
  return changes.map(({ path, from, to }) => ({
    code: 'ServerChangesMore',
    message: `The cluster will also change ${toWords(path)} from ${JSON.stringify(from)} to ${JSON.stringify(to)}.`,
  }));
}
