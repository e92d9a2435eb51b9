import { z } from 'zod';
import { type ChatRequest, lastUserText, ProtocolError, roundOf } from './protocol.ts';

/**
 * One answer of a scripted model. `match` (a case-insensitive pattern on the person's newest message) and `round` (which
 * answer to that message: 0, 1, …) say when it fits; the first step that fits and is not used up is taken. `times` is how
 * often it may be used: without a condition once, so that a plain list plays from top to bottom; with one without end.
 */
export const ScriptStep = z.object({
  match: z.string().optional(),
  round: z.number().int().min(0).optional(),
  times: z.number().int().min(1).optional(),
  thinking: z.string().optional(),
  text: z.string().optional(),
  calls: z.array(z.object({ tool: z.string(), args: z.unknown() })).optional(),
  /** Wait this long before every piece of the answer. */
  delayMs: z.number().min(0).optional(),
  /** `status`: an HTTP error instead of an answer; `hang`: no answer at all; `cut`: the connection breaks after the text. */
  fail: z
    .union([
      z.object({ status: z.number().int(), message: z.string().optional(), retryAfterSeconds: z.number().optional() }),
      z.enum(['hang', 'cut']),
    ])
    .optional(),
});
export type ScriptStep = z.infer<typeof ScriptStep>;

export const Script = z.object({ model: z.string().min(1), steps: z.array(ScriptStep) });
export type Script = z.infer<typeof Script>;

/** The scripted models by name. */
export class ScriptBook {
  readonly #scripts = new Map<string, { step: ScriptStep; left: number }[]>();

  get models(): string[] {
    return [...this.#scripts.keys()];
  }

  /** Adds a scripted model, or replaces it. */
  set(script: Script): void {
    const uses = (step: ScriptStep): number =>
      step.times ?? (step.match === undefined && step.round === undefined ? 1 : Number.POSITIVE_INFINITY);
    this.#scripts.set(
      script.model,
      script.steps.map((step) => ({ step, left: uses(step) })),
    );
  }

  has(model: string): boolean {
    return this.#scripts.has(model);
  }

  /** The step that answers this request, now used once more. Throws a ProtocolError when none fits. */
  take(model: string, request: ChatRequest): ScriptStep {
    const entry = this.#scripts.get(model)?.find(({ step, left }) => left > 0 && fits(step, request));
    if (!entry) {
      const message = `the script '${model}' has no step left for round ${roundOf(request)} of '${lastUserText(request)}'`;
      throw new ProtocolError(400, 'script_exhausted', message);
    }
    entry.left -= 1;
    return entry.step;
  }
}

function fits(step: ScriptStep, request: ChatRequest): boolean {
  if (step.round !== undefined && step.round !== roundOf(request)) return false;
  return step.match === undefined || new RegExp(step.match, 'i').test(lastUserText(request));
}
