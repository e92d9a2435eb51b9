import type { PromptMessage } from './prompt.ts';

/**
 * About how many tokens a text is: four ASCII characters each, one for every other character. No tokenizer fits every model;
 * this errs on the high side for code and on the low side for nothing we have seen.
 */
export function estimateTokens(text: string): number {
  let other = 0;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) other += 1;
  return Math.ceil((text.length - other) / 4) + other;
}

/** What a provider adds around each message. */
const perMessage = 6;

export function tokensOf(message: PromptMessage): number {
  const calls = message.role === 'assistant' ? JSON.stringify(message.calls) : '';
  return perMessage + estimateTokens(message.text + calls);
}
