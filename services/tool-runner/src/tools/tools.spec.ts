import { describe, expect, it } from '@jest/globals';
import { ToolDescription } from '@skyflo/contracts';
import { toolDescriptions, tools } from './index.ts';

describe('the tools', () => {
  it('fit what is said about tools on the bus, each name once', () => {
    for (const description of toolDescriptions) expect(() => ToolDescription.parse(description)).not.toThrow();
    expect(new Set(tools.map((tool) => tool.name)).size).toBe(tools.length);
  });

  it('stay small: every call of the model carries them', () => {
    // Some four characters make a token; the whole default list is to stay under 3,000.
    expect(JSON.stringify(toolDescriptions).length).toBeLessThan(3000 * 4);
  });

  it('refuse arguments nobody knows and texts without end, everywhere', () => {
    for (const { name, args } of tools) {
      const schema = JSON.stringify(toolDescriptions.find((one) => one.name === name)?.inputSchema);
      expect(schema).toContain('"additionalProperties":false');
      expect(args.safeParse({ kind: 'x'.repeat(10_000), name: 'x'.repeat(10_000) }).success).toBe(false);
    }
  });
});
