import type { CallFacts, Policy, Verdict } from '../verdict.ts';
import { clusterIsUnknown } from './cluster-is-unknown.ts';
import { connectsWithoutLeave } from './connects-without-leave.ts';
import { readsPass } from './reads-pass.ts';
import { requesterMayNotAsk } from './requester-may-not-ask.ts';
import { toolIsUnknown } from './tool-is-unknown.ts';
import { writesNeedAnApprover } from './writes-need-an-approver.ts';

/** The chain, in order: the first that has something to say decides. */
export const policies: readonly Policy[] = [
  toolIsUnknown,
  clusterIsUnknown,
  requesterMayNotAsk,
  connectsWithoutLeave,
  readsPass,
];

/** Whatever no policy let through is a write and needs an approver. */
export function judge(call: CallFacts): Verdict {
  for (const policy of policies) {
    const verdict = policy(call);
    if (verdict) return verdict;
  }
  return writesNeedAnApprover;
}
