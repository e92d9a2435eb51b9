import { type CallId, callIdOf, type FailureRecord, wellFormed, wellFormedJson } from '@skyflo/contracts';
import type { Proposal } from './prompt.ts';
import type { Args } from './run-view.ts';

/** A call of an answer: sent on, or answered by the planner itself when there is a `rejection`. */
export type SettledCall = {
  readonly callId: CallId;
  readonly index: number;
  readonly tool: string;
  readonly args: Args;
  readonly rejection?: FailureRecord;
};

/**
 * Decides for each proposal whether it can be sent on. Ids come from the place (run, step, index), never from the model: its
 * own differ when the same answer is asked for twice.
 */
export function settleProposals(
  proposals: readonly Proposal[],
  about: { runId: string; step: number; tools: ReadonlySet<string>; callsLeft: number },
): SettledCall[] {
  return proposals.map(({ tool: named, args }, index) => {
    const tool = wellFormed(named);
    const place = { callId: callIdOf(about.runId, about.step, index), index, tool };
    const parsed = parseArgs(args);
    if (parsed === undefined)
      return {
        ...place,
        args: {},
        rejection: reject('ArgumentsMalformed', `The arguments are not a JSON object: ${head(wellFormed(args))}`),
      };
    if (!about.tools.has(tool))
      return { ...place, args: parsed, rejection: reject('ToolUnknown', `There is no tool '${head(tool)}'.`) };
    if (index >= about.callsLeft)
      return { ...place, args: parsed, rejection: reject('CallLimitReached', 'The run has used up its tool calls.') };
    return { ...place, args: parsed };
  });
}

function parseArgs(text: string): Args | undefined {
  // Models leave the arguments of a tool without parameters empty.
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? wellFormedJson(value as Args)
      : undefined;
  } catch {
    // Never repaired by guessing: the model is told and says it again.
    return undefined;
  }
}

function reject(code: string, message: string): FailureRecord {
  return { code, message };
}

function head(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
