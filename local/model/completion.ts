import { randomUUID } from 'node:crypto';
import type { Answer, ChatRequest } from './protocol.ts';

type Delta = {
  role?: 'assistant';
  content?: string;
  reasoning_content?: string;
  tool_calls?: { index: number; id?: string; type?: 'function'; function: { name?: string; arguments: string } }[];
};

/** One `chat.completion.chunk`, or the whole `chat.completion` where nobody asked for a stream. */
export class Completion {
  readonly #head: { id: string; created: number; model: string };
  readonly #request: ChatRequest;
  readonly #answer: Answer;
  readonly #calls: readonly { id: string; tool: string; arguments: string }[];

  constructor(request: ChatRequest, answer: Answer) {
    this.#request = request;
    this.#answer = answer;
    this.#head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: request.model };
    this.#calls = (answer.calls ?? []).map((call) => ({
      id: `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
      tool: call.tool,
      arguments: typeof call.args === 'string' ? call.args : JSON.stringify(call.args),
    }));
  }

  /** The answer in the order a model speaks: role, thinking, text, calls (the arguments in two pieces), finish reason, usage. */
  *chunks(): Generator<object> {
    yield this.#chunk({ role: 'assistant', content: '' });
    for (const piece of toPieces(this.#answer.thinking ?? '')) yield this.#chunk({ reasoning_content: piece });
    for (const piece of toPieces(this.#answer.text ?? '')) yield this.#chunk({ content: piece });
    for (const [index, call] of this.#calls.entries()) {
      const half = Math.ceil(call.arguments.length / 2);
      const opening = { index, id: call.id, type: 'function' as const, function: { name: call.tool, arguments: '' } };
      yield this.#chunk({ tool_calls: [opening] });
      yield this.#chunk({ tool_calls: [{ index, function: { arguments: call.arguments.slice(0, half) } }] });
      yield this.#chunk({ tool_calls: [{ index, function: { arguments: call.arguments.slice(half) } }] });
    }
    yield this.#chunk({}, this.#finishReason());
    if (this.#request.stream_options?.include_usage) {
      yield { ...this.#head, object: 'chat.completion.chunk', choices: [], usage: this.#usage() };
    }
  }

  whole(): object {
    const { thinking, text } = this.#answer;
    const message = {
      role: 'assistant',
      content: text ?? null,
      ...(thinking === undefined ? {} : { reasoning_content: thinking }),
      ...(this.#calls.length === 0
        ? {}
        : {
            tool_calls: this.#calls.map((call) => ({
              id: call.id,
              type: 'function',
              function: { name: call.tool, arguments: call.arguments },
            })),
          }),
    };
    const choices = [{ index: 0, message, finish_reason: this.#finishReason() }];
    return { ...this.#head, object: 'chat.completion', choices, usage: this.#usage() };
  }

  #chunk(delta: Delta, finishReason: string | null = null): object {
    const choices = [{ index: 0, delta, finish_reason: finishReason }];
    return { ...this.#head, object: 'chat.completion.chunk', choices };
  }

  #finishReason(): string {
    return this.#calls.length > 0 ? 'tool_calls' : 'stop';
  }

  #usage(): object {
    const prompt = toTokens(JSON.stringify(this.#request.messages) + JSON.stringify(this.#request.tools));
    const said = (this.#answer.thinking ?? '') + (this.#answer.text ?? '') + JSON.stringify(this.#calls);
    const completion = toTokens(said);
    return {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
      prompt_tokens_details: { cached_tokens: 0 },
    };
  }
}

/** Words with the space before them: about what tokenizers make of plain English. */
function toPieces(text: string): string[] {
  return text.match(/\s*\S{1,12}|\s+$/g) ?? [];
}

/** Four characters to a token: the usual rule of thumb, good enough to show a number that grows with the text. */
function toTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
