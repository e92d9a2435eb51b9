import { assertNever, type ToolDescription } from '@skyflo/contracts';
import type OpenAI from 'openai';
import type { PromptMessage } from '../domain/prompt.ts';

type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type ChatTool = OpenAI.Chat.Completions.ChatCompletionTool;

export function toChatMessages(messages: readonly PromptMessage[]): ChatMessage[] {
  return messages.map(toChatMessage);
}

export function toChatTools(tools: readonly ToolDescription[]): ChatTool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: inputSchema },
  }));
}

function toChatMessage(message: PromptMessage): ChatMessage {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.text };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callRef, content: message.text };
    case 'assistant': {
      const content = message.text === '' ? null : message.text;
      if (message.calls.length === 0) return { role: 'assistant', content };
      const calls = message.calls.map(({ ref, tool, args }) => ({
        id: ref,
        type: 'function' as const,
        function: { name: tool, arguments: JSON.stringify(args) },
      }));
      return { role: 'assistant', content, tool_calls: calls };
    }
    default:
      return assertNever(message, 'message');
  }
}
