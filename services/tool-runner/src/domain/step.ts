import type { Plan } from '@skyflo/contracts';

/**
 * A grant covers the requests of its plan, each a step with a row of its own in the ledger. The first carries the grant id
 * itself as its mark, the others `<grant id>/<n>`: so what is written shows which request of which grant it was.
 */
export function markOfStep(grantId: string, step: number): string {
  return step === 0 ? grantId : `${grantId}/${step}`;
}

export function grantOfMark(mark: string): string {
  return mark.split('/', 1)[0] ?? mark;
}

/** A plan as far as one of its requests goes. */
export function stepOfPlan(plan: Plan, step: number): Plan {
  return { ...plan, requests: plan.requests.slice(step, step + 1), changes: plan.changes.slice(step, step + 1) };
}
