import type { EndStatus, FailureRecord } from '@skyflo/contracts';
import { type Limits, limitReached, timeUp, workLeftMs } from './limits.ts';
import { callsOf, checksOf, type RunView } from './run-view.ts';

export type Move =
  /** Within `leftMs`: then the run has worked for as long as it may. */
  | { readonly do: 'ask-model'; readonly step: number; readonly leftMs: number }
  | { readonly do: 'wait-for-calls'; readonly step: number }
  | { readonly do: 'wait-for-turn'; readonly step: number }
  | { readonly do: 'verify'; readonly step: number }
  | { readonly do: 'compare'; readonly step: number }
  | { readonly do: 'end'; readonly step: number; readonly end: End }
  | { readonly do: 'nothing'; readonly step: number };

export type AskModel = Extract<Move, { do: 'ask-model' }>;

export type End = {
  readonly status: EndStatus;
  readonly reason?: string;
  readonly failure?: FailureRecord;
};

/**
 * The run's next move, from its rows alone. Level-triggered: asked again after any event, crash or take-over it gives the
 * same answer until a row changes, so that nobody has to remember why they were woken.
 *
 *     ask-model ─▶ calls? ─▶ wait-for-calls ─▶ writes with checks? ─▶ verify ─▶ wait-for-calls ─▶ compare ─▶ ask-model …
 *                    └ none ─▶ end
 */
export function whatNext(run: RunView, limits: Limits, now: Date): Move {
  const last = run.steps.at(-1);
  const step = last?.step ?? 0;
  if (run.ended) return { do: 'nothing', step };
  const calls = last ? callsOf(run, last.step) : [];
  // Also while stopping: a write that was sent ends and is reported before the run does.
  if (calls.some((call) => call.result === null)) return { do: 'wait-for-calls', step };
  if (run.stopRequestedBy)
    return { do: 'end', step, end: { status: 'stopped', reason: `${run.stopRequestedBy.email} stopped the run.` } };
  if (run.failure)
    return { do: 'end', step, end: { status: 'failed', reason: run.failure.message, failure: run.failure } };
  if (run.timeUp) return { do: 'end', step, end: { status: 'limited', reason: timeUp(run, now) } };
  if (last?.kind === 'model') {
    if (calls.length === 0) return { do: 'end', step, end: { status: 'completed' } };
    if (calls.some((call) => checksOf(call).length > 0)) return { do: 'verify', step: step + 1 };
  }
  if (last?.kind === 'verification' && !last.verified) return { do: 'compare', step };
  const limit = limitReached(run, limits, now);
  if (limit !== undefined) return { do: 'end', step, end: { status: 'limited', reason: limit } };
  const next = last ? step + 1 : 0;
  if (!run.hasTurn) return { do: 'wait-for-turn', step: next };
  return { do: 'ask-model', step: next, leftMs: workLeftMs(run, limits, now) };
}
