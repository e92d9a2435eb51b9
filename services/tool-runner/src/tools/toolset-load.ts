import { loadToolset } from '@skyflo/contracts';
import { z } from 'zod';
import { readTool, type Tool } from './tool.ts';
import { toolsets } from './toolsets.ts';

/**
 * Names the toolsets that are not in every list, and loads one. It keeps nothing: whoever makes a list finds in the record
 * which calls of this tool have finished, so no restart loses what was loaded.
 */
export function toolsetLoad(tools: readonly Tool[]): Tool {
  const inSet = (name: string) => tools.filter(({ toolset }) => toolset === name);
  const lazy = toolsets.filter(({ name, shown }) => !shown && inSet(name).length > 0);
  return readTool({
    name: loadToolset,
    title: 'Load tools',
    toolset: 'core',
    description: `More tools, there from your next step on. ${lazy.map(({ name, summary }) => `${name}: ${summary}`).join('. ')}.`,
    args: z.strictObject({ toolset: z.enum(lazy.map(({ name }) => name)) }),
    read: async ({ toolset }) => {
      const found = inSet(toolset);
      const lines = found.map((tool) => `${tool.name} (${tool.class}): ${firstSentence(tool.description)}`);
      return { text: [`Loaded ${toolset}:`, ...lines].join('\n'), facts: { toolset, count: found.length } };
    },
  });
}

function firstSentence(text: string): string {
  return text.split(/(?<=\.)\s/, 1)[0] ?? text;
}
