import type { Plan } from '@skyflo/contracts';
import { wantedPods, type Workload } from '../../domain/workload.ts';

/** How much there is to lose while all pods of a workload are replaced. */
export function replacementRisk(workload: Workload): Plan['risk'] {
  if (workload.spec.strategy?.type === 'Recreate')
    return {
      level: 'high',
      reasons: ['Its strategy is Recreate: all pods end before new ones start, so there is a gap.'],
    };
  if (wantedPods(workload) <= 1)
    return { level: 'medium', reasons: ['There is only one pod to carry the load while it is replaced.'] };
  return { level: 'low', reasons: ['Pods are replaced one after the other.'] };
}
