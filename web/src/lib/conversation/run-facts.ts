import type { Call, Run } from '@skyflo/contracts';
import { isChange } from './rail.ts';

/** What the strip above the composer tells about a run; undefined where the model did not say. */
export type UsageFacts = {
  readonly firstTokenMs: number | undefined;
  readonly tokensPerSecond: number | undefined;
  readonly tokens: number;
  readonly cached: number;
  readonly steps: number;
};

export function usageFacts(run: Run): UsageFacts {
  const answered = run.steps.filter((step) => step.state === 'completed');
  const last = answered.at(-1);
  // The time until the first token is spent reading, not writing.
  const writingMs = answered.reduce(
    (sum, step) => sum + Math.max(0, (step.durationMs ?? 0) - (step.firstTokenMs ?? 0)),
    0,
  );
  const { promptTokens, completionTokens, cachedTokens } = run.usage;
  return {
    firstTokenMs: last?.firstTokenMs,
    tokensPerSecond: writingMs > 0 ? Math.round((completionTokens * 1000) / writingMs) : undefined,
    tokens: promptTokens + completionTokens,
    cached: cachedTokens,
    steps: run.steps.length,
  };
}

export type Change = {
  readonly call: Call;
  readonly state: 'open' | 'going' | 'done' | 'verified' | 'not-done' | 'uncertain';
};

/** The changes of a run for the panel beside it. */
export function changesOf(run: Run): readonly Change[] {
  return run.calls
    .filter((call) => isChange(call) && call.approval)
    .map((call) => ({ call, state: changeState(run, call) }));
}

function changeState(run: Run, call: Call): Change['state'] {
  if (call.status === 'waiting') return 'open';
  if (call.status === 'uncertain') return 'uncertain';
  if (call.status === 'failed' || call.status === 'cancelled' || call.status === 'refused') return 'not-done';
  if (call.status !== 'finished') return 'going';
  const checks = run.verifications.flatMap((each) => each.checks).filter((check) => check.callId === call.id);
  return checks.length > 0 && checks.every((check) => check.holds === true) ? 'verified' : 'done';
}

export function modelOf(run: Run): string | undefined {
  return run.steps.findLast((step) => step.model !== undefined)?.model;
}
