import { type Evidence, targetMoved, type Verdict, whileItHolds, whileUnknown } from './outcome.ts';

/**
 * The outcome of a delete whose acceptance nobody saw. It leaves no grant annotation to look for, but its precondition is
 * the uid, and a uid never comes back: once the object is gone, a late duplicate can do nothing.
 *
 * 1. the uid is gone: done where a try is unaccounted for, by us or by others; not done where every try was refused;
 * 2. it is being deleted (deletionTimestamp): done as far as a delete goes, the rest is up to its finalizers;
 * 3. it is there as ever: it has not happened, send again.
 */
export function decideDeletion(evidence: Evidence): Verdict {
  const { seen, writeAhead, target, unanswered } = evidence;
  if (seen.kind === 'unknown') return whileUnknown(evidence, seen.why);
  if (seen.kind === 'gone' || seen.object.metadata.uid !== writeAhead.uid) {
    // Every try was refused, so it was somebody else: nothing of this grant has happened or can happen.
    if (!unanswered) return { kind: 'not-done', failure: targetMoved(target, 'somebody else deleted it first') };
    return { kind: 'done', after: { kind: 'gone', byUs: false } };
  }
  if (seen.object.metadata.deletionTimestamp !== undefined) return { kind: 'done', after: seen };
  return whileItHolds(evidence);
}
