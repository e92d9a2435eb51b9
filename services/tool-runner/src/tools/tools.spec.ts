import { describe, expect, it } from '@jest/globals';
import { ToolDescription } from '@skyflo/contracts';
import { tokensOf } from '../../test/tokens.ts';
import { toolDescriptions, toolNamed, tools } from './index.ts';
import type { Look } from './tool.ts';
import { toolsets } from './toolsets.ts';

/** What a model reads of a tool. */
const tokensOfTool = ({ name, description, inputSchema }: ToolDescription) =>
  tokensOf(JSON.stringify({ type: 'function', function: { name, description, parameters: inputSchema } }));
/** What the one tool that only knows tools is given to look at. */
const nothing = {} as Look;
const isShown = ({ toolset }: { toolset?: string | undefined }) =>
  toolsets.some(({ name, shown }) => name === toolset && shown);

describe('the tools', () => {
  it('fit what is said about tools on the bus, each name once', () => {
    for (const description of toolDescriptions) expect(() => ToolDescription.parse(description)).not.toThrow();
    expect(new Set(tools.map((tool) => tool.name)).size).toBe(tools.length);
  });

  it('stay small: every call of the model carries those that are in every list', () => {
    const shown = toolDescriptions.filter(isShown);
    expect(shown.reduce((sum, tool) => sum + tokensOfTool(tool), 0)).toBeLessThan(3_000);
    expect(toolDescriptions.filter((tool) => tokensOfTool(tool) >= 400).map(({ name }) => name)).toEqual([]);
  });

  it('are found, whatever their toolset: each set is shown or named where it is loaded', async () => {
    const load = toolNamed('toolset_load');
    if (load?.class !== 'read') throw new TypeError('it reads');
    for (const { name, summary, shown } of toolsets) {
      const members = tools.filter(({ toolset }) => toolset === name);
      const isOffered = load.description.includes(`${name}: ${summary}`);
      expect([name, isOffered]).toEqual([name, !shown && members.length > 0]);
      expect(load.args.safeParse({ toolset: name }).success).toBe(isOffered);
      if (!isOffered) continue;
      const { text } = await load.read({ toolset: name }, nothing);
      for (const member of members) expect(text).toContain(member.name);
    }
  });

  it('refuse arguments nobody knows and texts without end, everywhere', () => {
    for (const { name, args } of tools) {
      const schema = JSON.stringify(toolDescriptions.find((one) => one.name === name)?.inputSchema);
      expect(schema).toContain('"additionalProperties":false');
      expect(args.safeParse({ kind: 'x'.repeat(10_000), name: 'x'.repeat(10_000) }).success).toBe(false);
    }
  });
});
