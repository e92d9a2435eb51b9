import { Failure } from '@skyflo/contracts';
import { type Verdict } from '../outcome.ts';
import { nextRevision, type Operation } from './operation.ts';
import type { StoredRevision } from './release.ts';

/** A helm that nobody waits for any more has ended by itself after this long, whatever it was at. */
export const orphanMs = 10 * 60_000;
/** The first thing it does is store its revision: rendering takes a moment, a loaded machine some more. */
const beginsWithinMs = 90_000;

export type ReleaseEvidence = {
  readonly operation: Operation;
  readonly grantId: string;
  readonly revisions: readonly StoredRevision[];
  /** How helm ended, as far as this process saw it; undefined where another one had begun it. */
  readonly ended?: { readonly ok: boolean; readonly words: string } | undefined;
  readonly sinceBegunMs: number;
};
export type ReleaseVerdict = Exclude<Verdict, { kind: 'done' } | { kind: 'send' }> | { readonly kind: 'done' };

/**
 * What became of an operation, by what Helm stored and never by its exit code alone:
 *
 * 1. the revision that had to come is there and deployed (or, of an uninstall, gone): done;
 * 2. it is there and has failed: some of it may have been applied, so it is for a person to say;
 * 3. it is pending: whoever is at it is waited for; if nobody is, it is for a person to say;
 * 4. it is not there: not done where helm ended here without it; else waited for, then for a person to say.
 */
export function decideRelease(evidence: ReleaseEvidence): ReleaseVerdict {
  const { operation } = evidence;
  return operation.kind === 'uninstall' ? decideUninstall(evidence) : decideRevision(evidence);
}

function decideRevision(evidence: ReleaseEvidence): ReleaseVerdict {
  const { operation, grantId, revisions, ended } = evidence;
  const wanted = nextRevision(operation);
  const next = revisions.find(({ revision }) => revision === wanted);
  // Rollbacks carry no label of their own: they copy those of the revision they return to. So of several under our grant the
  // first is ours; it is a later one than was planned where somebody else was faster by a moment.
  const found =
    operation.kind === 'rollback'
      ? next
      : revisions.findLast(({ grant, revision }) => grant === grantId && revision >= wanted);
  if (!found) {
    if (ended && !ended.ok) return { kind: 'not-done', failure: refused(ended.words) };
    if (next && ended === undefined) return overtaken(evidence, next);
    return unseen(evidence, `revision ${wanted} of ${nameOf(operation)} is not there`);
  }
  if (found.status === 'deployed' || found.status === 'superseded') return { kind: 'done' };
  if (found.status.startsWith('pending-') && ended === undefined && evidence.sinceBegunMs < orphanMs)
    return { kind: 'wait', why: `revision ${found.revision} of ${nameOf(operation)} is ${found.status}` };
  return {
    kind: 'uncertain',
    seen: `Revision ${found.revision} is ${found.status}. ${lastWords(ended)}${wayOut(operation)}`,
  };
}

function decideUninstall(evidence: ReleaseEvidence): ReleaseVerdict {
  const { operation, revisions, ended } = evidence;
  const newest = revisions[0];
  if (newest === undefined || newest.status === 'uninstalled') return { kind: 'done' };
  if (newest.status === 'uninstalling' && ended === undefined && evidence.sinceBegunMs < orphanMs)
    return { kind: 'wait', why: `${nameOf(operation)} is being uninstalled` };
  if (newest.status === 'uninstalling')
    return { kind: 'uncertain', seen: `It is being uninstalled, and nobody is at it. ${lastWords(ended)}` };
  if (ended) return { kind: 'not-done', failure: refused(ended.words) };
  return unseen(evidence, `${nameOf(operation)} is still ${newest.status}`);
}

/** Another process had begun it, and there is no trace of it yet. */
function unseen({ ended, sinceBegunMs }: ReleaseEvidence, what: string): ReleaseVerdict {
  if (ended === undefined && sinceBegunMs < beginsWithinMs) return { kind: 'wait', why: what };
  return { kind: 'uncertain', seen: `Helm was started, and ${what}. ${lastWords(ended)}` };
}

function refused(words: string): Failure {
  return Failure.terminal('HelmFailed', `Helm refused: ${words}`);
}

/** Somebody else has made the revision; a helm of ours may still be behind them. */
function overtaken({ operation, sinceBegunMs }: ReleaseEvidence, next: StoredRevision): ReleaseVerdict {
  const what = `somebody else made revision ${next.revision} of ${nameOf(operation)}`;
  if (sinceBegunMs < beginsWithinMs) return { kind: 'wait', why: what };
  return { kind: 'uncertain', seen: `Helm was started, and ${what}; there is none of this grant.` };
}

function wayOut({ revision }: Operation): string {
  return revision === 0
    ? 'Uninstall it, or look at its objects and upgrade.'
    : `Roll back to an earlier revision, or mend it and upgrade again.`;
}

function lastWords(ended: ReleaseEvidence['ended']): string {
  return ended && !ended.ok ? `Helm said: ${ended.words} ` : '';
}

function nameOf({ namespace, name }: Operation): string {
  return `release ${namespace}/${name}`;
}
