import type { AnyEvent } from '../catalog.ts';
import { assertNever } from '../json.ts';
import type { Run, Step } from './state.ts';

type ModelEvent = Extract<AnyEvent, { type: `model.${string}` }>;

/** The model's answers of a run. Text of an older attempt, and a delta that does not continue what is there, is dropped. */
export function foldStep(run: Run, event: ModelEvent): Run {
  const { step, attempt } = event.data;
  const known = run.steps.find((candidate) => candidate.step === step);
  if (known && (known.state === 'completed' || attempt < known.attempt)) return run;
  const current = known && known.attempt === attempt ? known : fresh(step, attempt, event.time);
  const after = next(current, event);
  if (after === known) return run;
  const steps = known
    ? run.steps.map((candidate) => (candidate.step === step ? after : candidate))
    : [...run.steps, after];
  const ordered = steps.toSorted((a, b) => a.step - b.step);
  return event.type === 'model.completed.v1'
    ? { ...run, steps: ordered, usage: addUsage(run, event) }
    : { ...run, steps: ordered };
}

function fresh(step: number, attempt: number, time: string): Step {
  return { step, attempt, state: 'streaming', thinking: '', text: '', startedAt: time };
}

function next(step: Step, event: ModelEvent): Step {
  switch (event.type) {
    case 'model.started.v1':
      return { ...step, model: event.data.model };
    case 'model.delta.v1':
      return appendDelta(step, event);
    case 'model.retried.v1': {
      const { failure, afterMs } = event.data;
      return { ...step, state: 'retrying', text: '', thinking: '', retry: { failure, afterMs } };
    }
    case 'model.failed.v1':
      return { ...step, state: 'failed', endedAt: event.time };
    case 'model.completed.v1': {
      const { text, thinking, firstTokenMs, durationMs } = event.data;
      return {
        ...step,
        state: 'completed',
        text,
        thinking,
        endedAt: event.time,
        ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
        ...(durationMs === undefined ? {} : { durationMs }),
      };
    }
    default:
      return assertNever(event);
  }
}

function appendDelta(step: Step, event: Extract<ModelEvent, { type: 'model.delta.v1' }>): Step {
  const { kind, offset, text } = event.data;
  const had = step[kind];
  // A piece that overlaps is cut; one that leaves a hole is dropped: model.completed brings the whole text.
  if (offset > had.length || offset + text.length <= had.length) return step;
  const joined = had + text.slice(had.length - offset);
  const thinkingEndedAt =
    kind === 'text' && step.thinking !== '' ? { thinkingEndedAt: step.thinkingEndedAt ?? event.time } : {};
  return { ...step, state: 'streaming', [kind]: joined, ...thinkingEndedAt };
}

function addUsage(run: Run, event: Extract<ModelEvent, { type: 'model.completed.v1' }>): Run['usage'] {
  const { usage } = event.data;
  return {
    promptTokens: run.usage.promptTokens + usage.promptTokens,
    completionTokens: run.usage.completionTokens + usage.completionTokens,
    cachedTokens: run.usage.cachedTokens + usage.cachedTokens,
  };
}
