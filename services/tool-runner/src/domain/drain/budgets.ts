import type { KubeObject } from '@skyflo/kube';
import { z } from 'zod';
import { labelsMatch } from '../label-match.ts';
import { LabelSelector } from '../selector-text.ts';
import { isReady, type NodePod, pathOf } from './node-pod.ts';

const Budget = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({ selector: LabelSelector.nullish(), unhealthyPodEvictionPolicy: z.string().nullish() }),
  status: z
    .looseObject({
      disruptionsAllowed: z.number().default(0),
      currentHealthy: z.number().default(0),
      desiredHealthy: z.number().default(0),
    })
    .optional(),
});
export type Budget = z.infer<typeof Budget>;

/** A PodDisruptionBudget, held against the pods that are to leave. */
export type Held = {
  readonly budget: string;
  /** How many of them it counts, and how many of those it lets go right now; the others wait for replacements. */
  readonly pods: number;
  readonly allowed: number;
};
export type BudgetView = {
  readonly held: readonly Held[];
  /** Pods that the API server evicts never, because it cannot tell which of several budgets counts. */
  readonly ambiguous: readonly string[];
};

/** What the Eviction API will say of these pods (pkg/registry/core/pod/storage/eviction.go), as far as the budgets tell now. */
export function holdAgainst(budgets: readonly KubeObject[], pods: readonly NodePod[]): BudgetView {
  const known = budgets.map((budget) => Budget.parse(budget));
  const chosen = pods.map((pod) => ({ pod, by: known.filter((budget) => selects(budget, pod)) }));
  const held = known.map((budget) => {
    const mine = chosen.filter(({ pod, by }) => by.length === 1 && by[0] === budget && counts(budget, pod));
    const allowed = Math.min(mine.length, budget.status?.disruptionsAllowed ?? 0);
    return { budget: `${budget.metadata.namespace}/${budget.metadata.name}`, pods: mine.length, allowed };
  });
  return {
    held: held.filter((one) => one.pods > 0),
    ambiguous: chosen.filter(({ by }) => by.length > 1).map(({ pod }) => pathOf(pod)),
  };
}

/** Pods that have not begun, or have ended, may always go. */
function selects({ metadata, spec }: Budget, pod: NodePod): boolean {
  if (metadata.namespace !== pod.metadata.namespace || spec.selector == null) return false;
  if (pod.status?.phase !== 'Running' && pod.status?.phase !== 'Unknown') return false;
  return labelsMatch(spec.selector, pod.metadata.labels ?? {});
}

/** Unready ones may go where the budget says so, or has enough healthy ones without them. */
function counts({ spec, status }: Budget, pod: NodePod): boolean {
  if (isReady(pod)) return true;
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return false;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return desiredHealthy === 0 || currentHealthy < desiredHealthy;
}

/** `PodDisruptionBudget shop/checkout lets 1 of 2 pods go now`. */
export function budgetLine({ budget, pods, allowed }: Held): string {
  const what = pods === 1 ? '1 pod' : `${pods} pods`;
  if (allowed === 0) return `PodDisruptionBudget ${budget} lets none of ${what} go now`;
  return allowed < pods
    ? `PodDisruptionBudget ${budget} lets ${allowed} of ${what} go now, the others one by one`
    : `PodDisruptionBudget ${budget} lets ${what} go`;
}
