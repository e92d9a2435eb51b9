import { describe, expect, it } from '@jest/globals';
import { ToolDescription } from '@skyflo/contracts';
import { toolDescriptions, tools } from './index.ts';

describe('the tools', () => {
  it('fit what is said about tools on the bus, each name once', () => {
    for (const description of toolDescriptions) expect(() => ToolDescription.parse(description)).not.toThrow();
    expect(new Set(tools.map((tool) => tool.name)).size).toBe(tools.length);
  });

  it('stay small: every call of the model carries those it may use', () => {
    // Some four characters make a token: 250 a tool leaves room for a dozen at once within 3,000.
    const lengths = toolDescriptions.map((description) => JSON.stringify(description).length);
    expect(Math.max(...lengths)).toBeLessThan(400 * 4);
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeLessThan(250 * 4);
  });

  it('refuse arguments nobody knows and texts without end, everywhere', () => {
    for (const { name, args } of tools) {
      const schema = JSON.stringify(toolDescriptions.find((one) => one.name === name)?.inputSchema);
      expect(schema).toContain('"additionalProperties":false');
      expect(args.safeParse({ kind: 'x'.repeat(10_000), name: 'x'.repeat(10_000) }).success).toBe(false);
    }
  });
});
