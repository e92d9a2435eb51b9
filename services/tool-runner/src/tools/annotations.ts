import type { Tool } from './tool.ts';

export type Annotations = {
  readonly title: string;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
};

/** All four hints of MCP, from what a tool is: clients ask their people, or not, by them. Clusters are a world that others change. */
export function annotationsOf(tool: Tool): Annotations {
  const { title } = tool;
  if (tool.class !== 'write')
    return { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };
  const { destructive, idempotent } = tool.hints;
  return { title, readOnlyHint: false, destructiveHint: destructive, idempotentHint: idempotent, openWorldHint: true };
}
