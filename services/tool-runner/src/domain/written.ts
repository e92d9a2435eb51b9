import type { Plan } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { nameOf } from './draft.ts';
import { fromPointer, toWords, valueAt } from './json-pointer.ts';
import { approvedChanges } from './plan.ts';

/** `Deployment shop/checkout`, as every sentence about the plan calls its object. */
export function targetOf(plan: Plan): string {
  const object = plan.requests[0]?.object;
  return object ? nameOf(object.kind, object) : 'the object';
}

/** What a write that happened is reported as: the change, and where the object is not as approved any more. */
export function doneText(plan: Plan, after: KubeObject): string {
  const changes = approvedChanges(plan);
  const lines = changes.map(({ path, from, to }) => `${toWords(path)}: ${show(from)} -> ${show(to)}`);
  const others = changes
    .map(({ path, to }) => ({ path, to, now: valueAt(after, fromPointer(path)) ?? null }))
    .filter(({ to, now }) => show(to) !== show(now))
    .map(({ path, now }) => `But ${toWords(path)} is ${show(now)} now: somebody changed it since.`);
  return [`Done, as approved: ${plan.effect}`, ...lines, ...others].join('\n');
}

function show(value: unknown): string {
  return value === null ? 'nothing' : JSON.stringify(value);
}
