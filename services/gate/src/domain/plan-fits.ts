import { grantIdOf, type Plan } from '@skyflo/contracts';

export type PlannedCall = {
  readonly callId: string;
  readonly tool: string;
  readonly cluster: string;
  readonly argsDigest: string;
};

/** Whether a plan is about the call it says it is about; else what differs, in words. */
export function planMismatch(call: PlannedCall, revision: number, plan: Plan): string | undefined {
  if (plan.tool !== call.tool) return `the plan is for the tool "${plan.tool}"`;
  if (plan.cluster !== call.cluster) return `the plan is for the cluster "${plan.cluster}"`;
  if (plan.argsDigest !== call.argsDigest) return 'the plan was made from other arguments';
  if (plan.grantId !== grantIdOf(call.callId, revision)) return 'the plan carries another grant id';
  return undefined;
}
