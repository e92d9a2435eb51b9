import type { ToolDescription } from '@skyflo/contracts';
import type { Args } from './run-view.ts';

/** What the model is told, in words that no provider's protocol owns. */
export type PromptMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly PromptCall[] }
  | { readonly role: 'tool'; readonly callRef: string; readonly text: string };

/** `ref` pairs a call with its result within one prompt. */
export type PromptCall = { readonly ref: string; readonly tool: string; readonly args: Args };

export type Prompt = { readonly messages: readonly PromptMessage[]; readonly tools: readonly ToolDescription[] };

/** The model's wish to use a tool, as it came: the arguments are text that may be no JSON at all. */
export type Proposal = { readonly tool: string; readonly args: string };

/**
 * Names a call to the model. Our own ids are too long for some providers (at most 40 characters, only letters, digits, `-`
 * and `_`); the end of a UUID is its random part.
 */
export function callRefOf(runId: string, step: number, index: number): string {
  return `call_${runId.slice(-12)}_${step}_${index}`;
}
