import { Failure, type Notice, type Plan } from '@skyflo/contracts';
import type { KubeObject, WriteRequest } from '@skyflo/kube';
import { beyond, changeList } from './change-list.ts';
import { type Draft, nameOf, objectRefOf } from './draft.ts';
import { markOf } from './drift.ts';
import { toWords } from './json-pointer.ts';
import { patchOf, withMark } from './patch.ts';
import { toDiffYaml } from './yaml-text.ts';

/** The one field manager of every write: a second would leave fields behind that nobody manages. */
const fieldManager = 'skyflo';

/** The request of a draft, complete to the last byte, before anybody approves it. */
export function requestOf(draft: Draft, grantId: string): WriteRequest {
  const { group, version, resource, namespace, name } = objectRefOf(draft.type, draft.live);
  return {
    verb: 'patch',
    target: { group, version, resource, namespace, name },
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
  dryRun: { readonly request: WriteRequest; readonly bytesDigest: string; readonly after: KubeObject },
): Plan {
  const { live, type } = draft;
  const object = objectRefOf(type, live);
  const changes = changeList(live, dryRun.after);
  assertKept(draft, { changes, mark: markOf(dryRun.after), grantId: head.grantId });
  const { verb, options } = dryRun.request;
  return {
    v: 1,
    cluster: head.cluster,
    tool: head.tool,
    argsDigest: head.argsDigest,
    grantId: head.grantId,
    effect: draft.effect,
    risk: { level: draft.risk.level, reasons: [...draft.risk.reasons] },
    requests: [{ verb, object, absent: false, bytesDigest: dryRun.bytesDigest, options: { ...options } }],
    changes: [
      {
        object,
        changes: withMark(live, changes, head.grantId),
        before: toDiffYaml(live),
        after: toDiffYaml(dryRun.after),
      },
    ],
    warnings: [...draft.warnings, ...serverChanges(draft, changes)],
    notKnownYet: [...draft.notKnownYet],
    blastRadius: draft.blastRadius,
    reversible: draft.reversible,
    guardLevel: head.guardLevel,
  };
}

/** The approved changes without the grant annotation: what a dry run and the run itself are held against. */
export function approvedChanges(plan: Plan) {
  const changes = plan.changes[0]?.changes ?? [];
  return changes.filter(({ to }) => to !== plan.grantId);
}

function assertKept(
  draft: Draft,
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

function serverChanges(draft: Draft, changes: Plan['changes'][0]['changes']): Notice[] {
  return beyond(changes, draft.changes).map(({ path, from, to }) => ({
    code: 'ServerChangesMore',
    message: `The cluster will also change ${toWords(path)} from ${JSON.stringify(from)} to ${JSON.stringify(to)}.`,
  }));
}
