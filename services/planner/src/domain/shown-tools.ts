import { loadToolset, type ToolDescription } from '@skyflo/contracts';
import type { ToolList } from './ports.ts';
import type { CallView, PastRun } from './run-view.ts';

/**
 * The tools that the model is shown: those of every list, and those of the toolsets that what it reads of the conversation
 * has loaded or used. Later ones come after the others, so that the beginning of the prompt stays as the provider's cache has it.
 */
export function shownTools({ tools, toolsets }: ToolList, runs: readonly PastRun[]): ToolDescription[] {
  if (toolsets === undefined) return tools;
  const always = new Set(toolsets.filter(({ shown }) => shown).map(({ name }) => name));
  const calls = runs.flatMap((run) => run.calls);
  const wanted = new Set(calls.map((call) => toolsetOf(call, tools)).filter((name) => name !== undefined));
  return [
    ...tools.filter(({ toolset }) => toolset === undefined || always.has(toolset)),
    ...[...wanted]
      .filter((name) => !always.has(name))
      .flatMap((name) => tools.filter(({ toolset }) => toolset === name)),
  ];
}

/** The set that a call loads, or the one it used; checks of the planner's own say nothing about what the model needs. */
function toolsetOf({ tool, args, result, verifies }: CallView, tools: readonly ToolDescription[]): string | undefined {
  if (verifies !== null) return undefined;
  if (tool !== loadToolset) return tools.find(({ name }) => name === tool)?.toolset;
  const { toolset } = args;
  return result?.outcome === 'finished' && typeof toolset === 'string' ? toolset : undefined;
}
