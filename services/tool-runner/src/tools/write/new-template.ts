import type { CheckRequest, Notice, Plan } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { nameOf } from '../../domain/draft.ts';
import { toWorkload, wantedPods, type Workload } from '../../domain/workload.ts';
import { checkRollout, type Target } from './checks.ts';
import { onDeleteNotices } from './notices.ts';
import { replacementRisk } from './risk.ts';
import { noPods } from './pods.ts';

export type NewTemplate = Pick<Plan, 'risk' | 'blastRadius' | 'warnings' | 'notKnownYet'> & {
  /** `checks('run the new image')`; none where pods are not replaced by themselves. */
  readonly checks: (what: string) => CheckRequest[];
};

/** What another pod template means for a workload: which pods are replaced, how, and whether by themselves. */
export function newTemplate(object: KubeObject, asked: Target): NewTemplate {
  if (object.kind === 'CronJob')
    return {
      risk: { level: 'low', reasons: ['Jobs that run already are left alone.'] },
      blastRadius: { ...noPods, summary: 'The next job runs with it.' },
      warnings: [],
      notKnownYet: [],
      checks: () => [],
    };
  const workload = toWorkload(object);
  const pods = wantedPods(workload);
  const target = nameOf(object.kind, object.metadata);
  return {
    risk: replacementRisk(workload),
    blastRadius: { ...noPods, podsReplaced: pods, summary: summaryOf(pods) },
    warnings: rolloutNotices(target, workload),
    notKnownYet: pods > 0 ? ['the names of the new pods and the nodes they will run on'] : [],
    checks: (what) => (rollsOut(workload) ? [checkRollout(asked, `${pods} of ${pods} pods ${what}`)] : []),
  };
}

function summaryOf(pods: number): string {
  return pods === 1 ? 'Its one pod is replaced.' : `All ${pods} pods are replaced.`;
}

/** Nothing to wait for where pods are not replaced by themselves. */
function rollsOut({ spec }: Workload): boolean {
  return spec.paused !== true && spec.updateStrategy?.type !== 'OnDelete';
}

function rolloutNotices(target: string, workload: Workload): Notice[] {
  const paused = { code: 'Paused', message: `${target} is paused: nothing rolls out until it is resumed.` };
  return [...(workload.spec.paused === true ? [paused] : []), ...onDeleteNotices(target, workload)];
}
