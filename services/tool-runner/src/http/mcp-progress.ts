import type { ServerContext } from '@modelcontextprotocol/server';
import type { Tool } from '../tools/tool.ts';

/** Tells a client that asked for it, again and again, that its call is still open; that keeps its own deadline away. */
export function reportProgress(context: ServerContext, tool: Tool, everyMs: number): { stop(): void } {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { stop: () => undefined };
  let progress = 0;
  const message =
    tool.class === 'write'
      ? `${tool.name} waits for an approver to decide in Skyflo; nothing is changed before that.`
      : `${tool.name} is still looking.`;
  const timer = setInterval(() => {
    progress += 1;
    const notification = { method: 'notifications/progress', params: { progressToken, progress, message } };
    // Who is gone need not be told; that they are, the connection says.
    context.mcpReq.notify(notification).catch(() => undefined);
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}
