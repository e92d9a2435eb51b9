import type { RunView } from './run-view.ts';

export type Limits = { readonly maxSteps: number; readonly maxCalls: number; readonly maxRunSeconds: number };

/** The sentence that ends a run which has used up a limit, asked before each model call. */
export function limitReached(run: RunView, limits: Limits, now: Date): string | undefined {
  const steps = run.steps.filter((step) => step.kind === 'model').length;
  if (steps >= limits.maxSteps)
    return `The run ended after ${steps} steps, which is the most one run may take. Send another message to go on.`;
  const calls = modelCalls(run);
  if (calls >= limits.maxCalls)
    return `The run ended after ${calls} tool calls, which is the most one run may make. Send another message to go on.`;
  return workLeftMs(run, limits, now) <= 0 ? timeUp(run, now) : undefined;
}

/** The sentence that ends a run whose time was up. */
export function timeUp(run: RunView, now: Date): string {
  const seconds = Math.floor(workedMs(run, now) / 1000);
  return `The run ended after ${seconds} seconds of work, which is the longest one run may take. Send another message to go on.`;
}

/** How long the run may go on working. */
export function workLeftMs(run: RunView, limits: Pick<Limits, 'maxRunSeconds'>, now: Date): number {
  return limits.maxRunSeconds * 1000 - workedMs(run, now);
}

/** Checks that the planner adds after a write are not the model's doing and do not count. */
export function modelCalls(run: RunView): number {
  return run.calls.filter((call) => call.verifies === null).length;
}

/** Wall time since the start without the time in which the run waited for a person: people may be slow. */
export function workedMs(run: RunView, now: Date): number {
  if (run.startedAt === null) return 0;
  const start = Date.parse(run.startedAt);
  const waits = run.calls
    .filter((call) => call.waitingAt !== null)
    .map(
      (call) =>
        [Date.parse(call.waitingAt ?? ''), call.closedAt === null ? now.getTime() : Date.parse(call.closedAt)] as const,
    )
    .toSorted(([a], [b]) => a - b);
  let waited = 0;
  let until = start;
  for (const [from, to] of waits) {
    waited += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return now.getTime() - start - waited;
}
