import { loadToolset } from '@skyflo/contracts';
import type { Answer, ChatRequest } from '../protocol.ts';
import { type ToolResult, readToolResult } from './tool-result.ts';
import { Toolbox } from './toolbox.ts';
import { namespaceOf } from './words.ts';

/** What a rule decides on: the person's newest message, and what the tools have said since. */
export type Talk = {
  readonly text: string;
  readonly namespace: string;
  /** What they said before, oldest first: what “it” may be about. */
  readonly earlier: readonly string[];
  readonly tools: Toolbox;
  /** The results of each answer's calls since the message, oldest first. */
  readonly rounds: readonly (readonly ToolResult[])[];
  /** The toolsets that were asked for since; such a round is none of a rule's. */
  readonly loaded: readonly string[];
};

/** Answers what it understands; undefined leaves the message to the next rule. */
export type Rule = (talk: Talk) => Answer | undefined;

export function toTalk(request: ChatRequest): Talk {
  const since = request.messages.findLastIndex((message) => message.role === 'user');
  const text = request.messages[since]?.content.trim() ?? '';
  const rounds: ToolResult[][] = [];
  const loaded: string[] = [];
  const proposed = new Map<string, { tool: string; args: Record<string, unknown> }>();
  for (const message of request.messages.slice(since + 1)) {
    if (message.role === 'assistant') {
      const calls = message.tool_calls ?? [];
      const loads = calls.filter((call) => call.function.name === loadToolset);
      loaded.push(...loads.map((call) => String(toArgs(call.function.arguments)['toolset'])));
      if (loads.length > 0 && loads.length === calls.length) continue;
      rounds.push([]);
      for (const call of calls)
        proposed.set(call.id, { tool: call.function.name, args: toArgs(call.function.arguments) });
    }
    if (message.role === 'tool') {
      const call = proposed.get(message.tool_call_id);
      if (call) rounds.at(-1)?.push(readToolResult(call.tool, call.args, message.content));
    }
  }
  const earlier = request.messages.slice(0, Math.max(since, 0)).filter(({ role }) => role === 'user');
  const said = earlier.map(({ content }) => content.trim());
  return { text, namespace: namespaceOf(text), earlier: said, tools: new Toolbox(request.tools), rounds, loaded };
}

function toArgs(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // The model's own words of an earlier answer, which the planner has already answered with an error.
    return {};
  }
}

/** The results of one tool over all rounds. */
export function resultsOf(talk: Talk, tool: string): ToolResult[] {
  return talk.rounds.flat().filter((result) => result.tool === tool && result.status === 'finished');
}

/** What a call was about, whatever its tool calls the argument. */
export function argOf(result: ToolResult, ...names: readonly string[]): string {
  const value = names.map((name) => result.args[name]).find((found) => found !== undefined);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
