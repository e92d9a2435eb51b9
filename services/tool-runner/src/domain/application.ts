import { markOf } from './drift.ts';
import {
  type Evidence,
  isAsBefore,
  isUntouched,
  maxSends,
  onceItIsGone,
  onceItIsSpent,
  targetMoved,
  type Verdict,
  whileItHolds,
  whileUnknown,
} from './outcome.ts';

/**
 * The outcome of a server-side apply. Its precondition is one resourceVersion, of the object or of none:
 *
 * 1. the grant annotation is ours: done;
 * 2. the object is still at that resourceVersion, or there still is none: it has not happened, send again;
 * 3. the resourceVersion moved, so nothing of it can arrive any more: where no spec was changed, or the old values stand, it
 *    provably did not happen, and it is looked at again; else uncertain with a try unaccounted for, and not done without.
 */
export function decideApply(evidence: Evidence): Verdict {
  const { seen, mark, writeAhead, target, sends } = evidence;
  if (seen.kind === 'unknown') return whileUnknown(evidence, seen.why);
  if (writeAhead.uid === '') return decideCreation(evidence);
  if (seen.kind === 'gone' || seen.object.metadata.uid !== writeAhead.uid) return onceItIsGone(evidence);
  if (markOf(seen.object) === mark) return { kind: 'done', after: seen };
  if (seen.object.metadata.resourceVersion === writeAhead.resourceVersion) return whileItHolds(evidence);
  if (!isUntouched(evidence, seen.object) && !isAsBefore(evidence, seen.object))
    return onceItIsSpent(evidence, seen.object);
  return sends < maxSends
    ? { kind: 'again' }
    : { kind: 'not-done', failure: targetMoved(target, 'it changes faster than it can be written') };
}

/** Sent again while there is none: a twin of it that took is what is found then, or makes the API server refuse. */
function decideCreation(evidence: Evidence): Verdict {
  const { seen, mark, target, unanswered } = evidence;
  if (seen.kind !== 'object') return whileItHolds(evidence);
  if (markOf(seen.object) === mark) return { kind: 'done', after: seen };
  return unanswered
    ? { kind: 'uncertain', seen: `${target} is there, but does not carry the grant annotation.` }
    : { kind: 'not-done', failure: targetMoved(target, 'somebody else made it meanwhile') };
}
