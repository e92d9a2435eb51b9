import { Failure } from '@skyflo/contracts';
import type { PlanClient } from '@skyflo/kube';
import { trialOf } from '../domain/plan.ts';
import type { TryOut } from '../domain/ports.ts';

/** Trying out is done by the plan client, which sets `dryRun` whatever it is given. */
export function tryOutWith(plan: PlanClient, signal: AbortSignal): TryOut {
  return async (type, live, wanted) => {
    const answer = await plan.dryRun(trialOf(type, live, wanted), { signal });
    if ('failure' in answer) throw answer.failure;
    if (answer.kind === 'accepted') return answer.object;
    throw Failure.terminal('ClusterError', 'The API server answered a patch as if it were a delete.');
  };
}
