import { Failure } from '@skyflo/contracts';
import type { PlanClient } from '@skyflo/kube';
import { requestOf, trialOf } from '../domain/plan.ts';
import type { TryApply, TryOut } from '../domain/ports.ts';

/** Trying out is done by the plan client, which sets `dryRun` whatever it is given. */
export function trialsWith(plan: PlanClient, signal: AbortSignal): { tryOut: TryOut; tryApply: TryApply } {
  return {
    tryOut: async (type, live, wanted) => {
      const answer = await plan.dryRun(trialOf(type, live, wanted), { signal });
      if ('failure' in answer) throw answer.failure;
      if (answer.kind === 'accepted') return answer.object;
      throw Failure.terminal('ClusterError', 'The API server answered a patch as if it were a delete.');
    },
    tryApply: (part) => plan.dryRun(requestOf(part), { signal }),
  };
}
