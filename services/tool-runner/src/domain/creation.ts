import { Failure } from '@skyflo/contracts';
import type { WriteAnswer } from '@skyflo/kube';
import { markOf } from './drift.ts';
import { lateDuplicateMs, type Seen, type Verdict } from './outcome.ts';

export type CreationEvidence = {
  readonly grantId: string;
  readonly target: string;
  readonly answer: WriteAnswer | undefined;
  /** What has the name now. */
  readonly seen: Seen;
  /** True while some try of this grant left and its answer was never seen. */
  readonly unanswered: boolean;
  readonly sends: number;
  readonly sinceSentMs: number;
};

const maxSends = 8;

/**
 * The outcome of a create under a fixed name that no other grant can give. The name is the precondition: a late duplicate
 * meets its own object and is refused.
 *
 * 1. what has the name carries our grant annotation: done;
 * 2. something else has the name: not done, and a late duplicate is refused as well;
 * 3. nothing has it: it has not happened, send again; after a refusal, or too many tries, it is not done.
 *
 * Where somebody deletes the object within the moments in which nobody saw an answer, 3 makes it once more.
 */
export function decideCreation(evidence: CreationEvidence): Verdict {
  const { seen, grantId, target, unanswered, sends } = evidence;
  if (seen.kind === 'unknown') return whileUnseen(evidence, seen.why);
  if (seen.kind === 'object')
    return markOf(seen.object) === grantId
      ? { kind: 'done', after: seen }
      : { kind: 'not-done', failure: Failure.terminal('AlreadyExists', `Somebody else has made ${target}.`) };
  const refusal = evidence.answer?.kind === 'refused' ? evidence.answer : undefined;
  const isFinal = refusal !== undefined && refusal.status !== 429;
  if (!isFinal && sends < maxSends) return { kind: 'send' };
  const failure =
    refusal?.failure ?? Failure.terminal('ClusterUnreachable', `${target} could not be made: no try was answered.`);
  if (!unanswered) return { kind: 'not-done', failure };
  return evidence.sinceSentMs > lateDuplicateMs
    ? { kind: 'not-done', failure }
    : { kind: 'wait', why: 'an earlier try of the same request may still arrive' };
}

function whileUnseen({ answer, unanswered, sends, sinceSentMs }: CreationEvidence, why: string): Verdict {
  if (!unanswered && answer?.kind === 'refused') return { kind: 'not-done', failure: answer.failure };
  if (!unanswered && sends < maxSends) return { kind: 'send' };
  return sinceSentMs > lateDuplicateMs
    ? { kind: 'uncertain', seen: `The cluster could not be asked: ${why}` }
    : { kind: 'wait', why };
}
