import { z } from 'zod';

/** The part of the OpenAI chat-completions protocol that clients here use; unknown members are ignored, as providers do. */

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const Content = z
  .union([z.string(), z.array(TextPart).transform((parts) => parts.map((part) => part.text).join('')), z.null()])
  .optional()
  .transform((content) => content ?? '');

export const ToolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const ChatMessage = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: Content }),
  z.object({ role: z.literal('user'), content: Content }),
  z.object({ role: z.literal('assistant'), content: Content, tool_calls: z.array(ToolCall).optional() }),
  z.object({ role: z.literal('tool'), content: Content, tool_call_id: z.string() }),
]);
export type ChatMessage = z.infer<typeof ChatMessage>;

export const ChatTool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.json()).optional(),
  }),
});
export type ChatTool = z.infer<typeof ChatTool>;

export const ChatRequest = z.object({
  model: z.string(),
  messages: z.array(ChatMessage).min(1),
  tools: z.array(ChatTool).default([]),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** What a model says in one answer, before it is cut into pieces. */
export type Answer = {
  readonly thinking?: string | undefined;
  readonly text?: string | undefined;
  readonly calls?: readonly { readonly tool: string; readonly args: unknown }[] | undefined;
};

/** The text of the newest message of the person. */
export function lastUserText(request: ChatRequest): string {
  return request.messages.findLast((message) => message.role === 'user')?.content ?? '';
}

/** How many answers the model has given since the person last spoke: 0 for the first answer to a message. */
export function roundOf(request: ChatRequest): number {
  const since = request.messages.findLastIndex((message) => message.role === 'user');
  return request.messages.slice(since + 1).filter((message) => message.role === 'assistant').length;
}

/** An error as providers write it; clients read `status`, `error.message` and `error.code`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, options: { retryAfterSeconds?: number | undefined } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  toBody(): object {
    const type =
      this.status >= 500 ? 'server_error' : this.status === 429 ? 'rate_limit_error' : 'invalid_request_error';
    return { error: { message: this.message, type, param: null, code: this.code } };
  }
}
