import { Failure, type FieldChange } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { markOf } from './drift.ts';
import { fromPointer, valueAt } from './json-pointer.ts';

/** Committed before the first byte of a write leaves: what decides its outcome if nobody sees the answer. */
export type WriteAhead = {
  /** Empty, as is the resourceVersion, where there was no object. */
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number | undefined;
  readonly previousMark: string | null;
  /** SHA-256 of the exact bytes; every try sends the same. */
  readonly bytesSha256: string;
};

/** The target as it is now; `unknown` while the cluster cannot be asked. */
export type Seen =
  | { readonly kind: 'object'; readonly object: KubeObject }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown'; readonly why: string };

export type Evidence = {
  /** The grant annotation that the write leaves. */
  readonly mark: string;
  readonly target: string;
  readonly writeAhead: WriteAhead;
  readonly changes: readonly FieldChange[];
  readonly seen: Seen;
  /** What the last try was answered, where it was refused. */
  readonly refusal?: { readonly status: number; readonly failure: Failure } | undefined;
  /** True while some try of this grant left and its answer was never seen: it may have arrived, or may still. */
  readonly unanswered: boolean;
  readonly sends: number;
  readonly sinceSentMs: number;
};

/** What a write left: the object as it is now, or nothing, and whether that was our doing is known. */
export type After =
  { readonly kind: 'object'; readonly object: KubeObject } | { readonly kind: 'gone'; readonly byUs: boolean };

export type Verdict =
  | { readonly kind: 'done'; readonly after: After }
  | { readonly kind: 'send' }
  /** It has not happened and cannot any more as it was sent: to be looked at once more, and bound anew. */
  | { readonly kind: 'again' }
  | { readonly kind: 'not-done'; readonly failure: Failure }
  | { readonly kind: 'uncertain'; readonly seen: string }
  | { readonly kind: 'wait'; readonly why: string };

/**
 * After this long nothing of an unanswered request can arrive any more: TCP gives up repeating what was handed to it after
 * some 15 minutes, and an API server ends a request it has after one.
 */
export const lateDuplicateMs = 17 * 60_000;
export const maxSends = 8;

/**
 * The outcome of a patch, decided from what was written ahead and what the cluster shows, never guessed:
 *
 * 1. the grant annotation is ours: done;
 * 2. what the patch tests for still holds: it has not happened, and a late duplicate cannot do it twice, so send again;
 * 3. it no longer holds, but provably moved without us (no spec change since): not done, and a late duplicate is refused;
 * 4. anything else, with a try unaccounted for: uncertain.
 *
 * `not-done` is said only when nothing of the grant can still arrive: every try was answered, or the precondition is spent.
 */
export function decideOutcome(evidence: Evidence): Verdict {
  const { seen, mark } = evidence;
  if (seen.kind === 'unknown') return whileUnknown(evidence, seen.why);
  if (seen.kind === 'gone' || seen.object.metadata.uid !== evidence.writeAhead.uid) return onceItIsGone(evidence);
  if (markOf(seen.object) === mark) return { kind: 'done', after: seen };
  return preconditionHolds(evidence, seen.object) ? whileItHolds(evidence) : onceItIsSpent(evidence, seen.object);
}

export function onceItIsGone({ target, unanswered }: Evidence): Verdict {
  return unanswered
    ? { kind: 'uncertain', seen: `${target} is gone: it was deleted, or replaced by another of the same name.` }
    : { kind: 'not-done', failure: targetMoved(target, 'it is gone, or was replaced by another of the same name') };
}

/** Drift: nothing was written, and the same call can be planned afresh. */
export function targetMoved(target: string, how: string): Failure {
  return Failure.terminal(
    'TargetMoved',
    `${target} has changed since the plan was made: ${how}. Nothing was written.`,
    {
      hint: 'Propose the change again: it is planned anew from what is there now.',
    },
  );
}

export function whileUnknown({ unanswered, refusal, sends, sinceSentMs }: Evidence, why: string): Verdict {
  if (!unanswered && refusal) return { kind: 'not-done', failure: refusal.failure };
  if (!unanswered) return sends < maxSends ? { kind: 'send' } : { kind: 'not-done', failure: neverArrived(why) };
  return sinceSentMs > lateDuplicateMs
    ? { kind: 'uncertain', seen: `The cluster could not be asked: ${why}` }
    : { kind: 'wait', why };
}

/** What was written ahead still fits the object, so nothing has happened and sending again is safe. */
export function whileItHolds({ refusal, unanswered, sends, sinceSentMs }: Evidence): Verdict {
  const worthRepeating = refusal === undefined || refusal.status === 409 || refusal.status === 429;
  if (worthRepeating && sends < maxSends) return { kind: 'send' };
  const failure = refusal?.failure ?? neverArrived('the API server did not take it');
  // What is invalid stays invalid when it arrives again; any other refusal might be lifted before a late duplicate comes.
  if (!unanswered || refusal?.status === 422) return { kind: 'not-done', failure };
  return sinceSentMs > lateDuplicateMs
    ? { kind: 'not-done', failure }
    : { kind: 'wait', why: 'an earlier try of the same request may still arrive' };
}

export function onceItIsSpent(evidence: Evidence, object: KubeObject): Verdict {
  const { changes, target, unanswered } = evidence;
  if (!unanswered || isUntouched(evidence, object))
    return { kind: 'not-done', failure: targetMoved(target, movedHow(object, changes)) };
  return {
    kind: 'uncertain',
    seen: `${target} was changed by others meanwhile and does not carry the grant annotation: ${movedHow(object, changes)}.`,
  };
}

/** No spec was changed by anybody since the write-ahead, so ours was not either. */
export function isUntouched({ writeAhead: { generation }, changes }: Evidence, { metadata }: KubeObject): boolean {
  const touchesSpec = changes.some(({ path }) => path.startsWith('/spec/'));
  return touchesSpec && generation !== undefined && metadata.generation === generation;
}

/** The very tests of the patch, on the object as it is now. */
function preconditionHolds(evidence: Evidence, object: KubeObject): boolean {
  const { writeAhead } = evidence;
  const { resourceVersion, generation } = object.metadata;
  if (resourceVersion === writeAhead.resourceVersion) return true;
  return generation === writeAhead.generation && isAsBefore(evidence, object);
}

export function isAsBefore({ writeAhead, changes }: Evidence, object: KubeObject): boolean {
  return markOf(object) === writeAhead.previousMark && oldValuesStand(object, changes);
}

function oldValuesStand(object: KubeObject, changes: readonly FieldChange[]): boolean {
  return changes.every(
    ({ path, from }) => JSON.stringify(valueAt(object, fromPointer(path)) ?? null) === JSON.stringify(from),
  );
}

function movedHow(object: KubeObject, changes: readonly FieldChange[]): string {
  const moved = changes
    .filter(({ path }) => path.startsWith('/spec/'))
    .map(({ path, from }) => ({ path, from, now: valueAt(object, fromPointer(path)) ?? null }))
    .find(({ from, now }) => JSON.stringify(from) !== JSON.stringify(now));
  return moved === undefined
    ? `it is at generation ${object.metadata.generation ?? 'unknown'} now`
    : `${moved.path.slice(1).replaceAll('/', '.')} is ${JSON.stringify(moved.now)} now, it was ${JSON.stringify(moved.from)}`;
}

function neverArrived(why: string): Failure {
  return Failure.terminal('ClusterUnreachable', `The change could not be sent, so nothing was written: ${why}`);
}
