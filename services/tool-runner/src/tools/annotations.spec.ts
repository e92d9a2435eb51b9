import { describe, expect, it } from '@jest/globals';
import { annotationsOf } from './annotations.ts';
import { tools } from './index.ts';

describe('the hints of a tool', () => {
  it.each(tools.map((tool) => [tool.name, tool] as const))('are all four, and true: %s', (_name, tool) => {
    const hints = annotationsOf(tool);
    expect(hints.readOnlyHint).toBe(tool.class !== 'write');
    expect(hints.destructiveHint).toBe(tool.class === 'write' && tool.hints.destructive);
    expect(hints.idempotentHint).toBe(tool.class !== 'write' || tool.hints.idempotent);
    expect(hints.openWorldHint).toBe(true);
  });
});
