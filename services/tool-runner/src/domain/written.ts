import type { FieldChange, Plan, Undone } from '@skyflo/contracts';
import { nameOf } from './draft.ts';
import { fromPointer, toWords, valueAt } from './json-pointer.ts';
import type { After } from './outcome.ts';
import { approvedChanges } from './plan.ts';

/** `Deployment shop/checkout`, as every sentence about the plan calls its object. */
export function targetOf(plan: Plan): string {
  const object = plan.requests[0]?.object;
  return object ? nameOf(object.kind, object) : 'the object';
}

/** What one request that happened is reported as: the change, and where the object is not as approved any more. */
export function writtenLines(plan: Plan, after: After): string[] {
  const lines = approvedChanges(plan).flatMap(changeLines);
  const isRemoval = plan.requests[0]?.verb === 'delete';
  return [...lines, ...(isRemoval ? removalLine(targetOf(plan), after) : otherLines(plan, after))];
}

/** One request of several, as it is kept until all are done. */
export function stepText(plan: Plan, after: After): string {
  const deed = plan.requests[0]?.absent === true ? 'made' : 'changed';
  return [`${targetOf(plan)}: ${deed}.`, ...writtenLines(plan, after).map((line) => `  ${line}`)].join('\n');
}

/** All of it happened. */
export function doneText(effect: string, lines: readonly string[]): string {
  return [`Done, as approved: ${effect}`, ...lines].join('\n');
}

/** Some of it happened; what did not, and why, is said as plainly. */
export function partlyText(effect: string, done: readonly string[], undone: readonly Undone[]): string {
  const left = undone.map(({ object, why }) => `NOT done: ${object}. ${why}`);
  const count = `${done.length} of ${done.length + undone.length}`;
  return [`Done in part, ${count}: ${effect}`, ...done, ...left].join('\n');
}

/** A change in words. Of a list that grew or shrank, what came and what went. */
export function changeLines({ path, from, to }: FieldChange): string[] {
  if (!Array.isArray(from) || !Array.isArray(to)) return [`${toWords(path)}: ${show(from)} -> ${show(to)}`];
  const [before, after] = [new Set(from.map(show)), new Set(to.map(show))];
  const gone = [...before].filter((one) => !after.has(one)).map((one) => `${toWords(path)}: - ${one}`);
  const added = [...after].filter((one) => !before.has(one)).map((one) => `${toWords(path)}: + ${one}`);
  return gone.length + added.length === 0 ? [`${toWords(path)}: in another order`] : [...gone, ...added];
}

function otherLines(plan: Plan, after: After): string[] {
  if (after.kind === 'gone') return [];
  return approvedChanges(plan)
    .map(({ path, to }) => ({ path, to, now: valueAt(after.object, fromPointer(path)) ?? null }))
    .filter(({ to, now }) => show(to) !== show(now))
    .map(({ path, now }) => `But ${toWords(path)} is ${show(now)} now: somebody changed it since.`);
}

function removalLine(target: string, after: After): string[] {
  if (after.kind === 'gone') {
    return after.byUs
      ? [`${target} is gone.`]
      : [`${target} is gone. The answer was never seen, so somebody else may have deleted it at the same time.`];
  }
  const { finalizers = [] } = after.object.metadata;
  const why = finalizers.length > 0 ? `its finalizers: ${finalizers.join(', ')}` : 'its grace period to end';
  return [`${target} is marked for deletion and goes once nothing holds it any more. It waits for ${why}.`];
}

function show(value: unknown): string {
  return value === null ? 'nothing' : JSON.stringify(value);
}
