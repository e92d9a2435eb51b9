import { callIdOf, newId, PersonId } from '@skyflo/contracts';
import type { CallResult, CallView, RunView, StepView } from '../src/domain/run-view.ts';

const runId = newId();

export function aRun(over: Partial<RunView> = {}): RunView {
  return {
    id: runId,
    conversationId: newId(),
    causeId: newId(),
    requestedBy: { id: PersonId.parse(newId()), email: 'mara@example.org', roles: ['operator'] },
    startedAt: '2026-01-01T10:00:00.000Z',
    stopRequestedBy: null,
    failure: null,
    timeUp: false,
    ended: false,
    hasTurn: true,
    steps: [],
    calls: [],
    ...over,
  };
}

export function aStep(step: number, over: Partial<StepView> = {}): StepView {
  return { step, kind: 'model', text: '', verified: false, ...over };
}

export function aCall(step: number, index: number, result: CallResult | null, over: Partial<CallView> = {}): CallView {
  const id = callIdOf(runId, step, index);
  return {
    id,
    step,
    index,
    tool: 'k8s_get',
    args: {},
    verifies: null,
    waitingAt: null,
    closedAt: null,
    result,
    ...over,
  };
}

export function finished(over: object = {}): CallResult {
  return { outcome: 'finished', text: 'ok', truncated: false, facts: undefined, checks: undefined, ...over };
}
