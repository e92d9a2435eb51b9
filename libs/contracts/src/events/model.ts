import { z } from 'zod';
import { defineDelta, defineEvent, type EventOf } from '../define.ts';
import { FailureRecord } from '../failure.ts';
import { CallId } from '../ids.ts';

const step = z.number().int().min(0);
/** The lease's number under which the model was called; text of an older attempt is void. */
const attempt = z.number().int().min(1);

export const Usage = z.object({
  promptTokens: z.number().int().min(0),
  completionTokens: z.number().int().min(0),
  cachedTokens: z.number().int().min(0),
});
export type Usage = z.infer<typeof Usage>;

export const ProposedCall = z.object({ callId: CallId, tool: z.string(), args: z.record(z.string(), z.json()) });
export type ProposedCall = z.infer<typeof ProposedCall>;

export const ModelStarted = defineEvent({
  type: 'model.started.v1',
  description: 'The model was asked for the next step. Once per step and attempt.',
  data: z.object({ step, attempt, model: z.string() }),
});
export type ModelStarted = EventOf<typeof ModelStarted>;

export const ModelDelta = defineDelta({
  type: 'model.delta.v1',
  description:
    'A piece of what the model is saying. `offset` counts UTF-16 code units of this kind within this step and attempt; readers keep the highest attempt. Repeated whole in model.completed.',
  data: z.object({
    step,
    attempt,
    offset: z.number().int().min(0),
    kind: z.enum(['text', 'thinking']),
    text: z.string(),
  }),
});
export type ModelDelta = EventOf<typeof ModelDelta>;

export const ModelCompleted = defineEvent({
  type: 'model.completed.v1',
  description:
    'The answer of one step, whole, with the calls it proposes. Once per step: the first attempt to be written wins.',
  data: z.object({
    step,
    attempt,
    text: z.string(),
    thinking: z.string(),
    calls: z.array(ProposedCall),
    usage: Usage,
    firstTokenMs: z.number().min(0).optional(),
    durationMs: z.number().min(0).optional(),
    /** Set where a person stopped the run in the middle of the answer: the text is what had arrived by then. */
    stopped: z.boolean().optional(),
  }),
});
export type ModelCompleted = EventOf<typeof ModelCompleted>;

export const ModelRetried = defineEvent({
  type: 'model.retried.v1',
  description:
    'The model failed in a way that trying again can mend; the next try follows after `afterMs`. Text streamed by the failed try is void.',
  data: z.object({ step, attempt, failure: FailureRecord, afterMs: z.number().int().min(0) }),
});
export type ModelRetried = EventOf<typeof ModelRetried>;

export const ModelFailed = defineEvent({
  type: 'model.failed.v1',
  description: 'The model failed for good; the run ends as failed. At most once per run.',
  data: z.object({ step, attempt, failure: FailureRecord }),
});
export type ModelFailed = EventOf<typeof ModelFailed>;
