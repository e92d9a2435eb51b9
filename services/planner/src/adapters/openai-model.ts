import { Inject, Injectable } from '@nestjs/common';
import { Failure, type Usage } from '@skyflo/contracts';
import { CONFIG } from '@skyflo/service-kit';
import OpenAI from 'openai';
import type { PlannerConfig } from '../config.ts';
import { Model, type ModelPiece } from '../domain/ports.ts';
import type { Prompt } from '../domain/prompt.ts';
import { WholeText } from '../domain/whole-text.ts';
import { NotAnAnswer, toModelFailure } from './model-failure.ts';
import { ProposalParts } from './proposal-parts.ts';
import { toChatMessages, toChatTools } from './to-chat.ts';

type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;

/**
 * Any OpenAI-compatible chat-completions API. The client retries nothing: after the first delta was published a hidden retry
 * would say it twice.
 */
@Injectable()
export class OpenAiModel extends Model {
  readonly name: string;
  private readonly client: OpenAI;
  private readonly timeoutMs: number;

  constructor(@Inject(CONFIG) config: PlannerConfig) {
    super();
    this.name = config.modelName;
    this.timeoutMs = config.modelTimeoutSeconds * 1000;
    this.client = new OpenAI({
      baseURL: config.modelUrl,
      // The client wants one; servers without keys ignore it.
      apiKey: config.modelApiKey ?? 'none',
      maxRetries: 0,
      timeout: this.timeoutMs,
      // It would write what the model said to stderr; failures are told where they are handled.
      logLevel: 'off',
    });
  }

  async *ask(prompt: Prompt, signal: AbortSignal): AsyncIterable<ModelPiece> {
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const parts = new ProposalParts();
    const whole = { thinking: new WholeText(), text: new WholeText() };
    let usage: Usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };
    let finished = false;
    try {
      for await (const chunk of await this.open(prompt, AbortSignal.any([signal, timeout]))) {
        // The client checks nothing, and servers that only look like the API are what addresses are mistaken for.
        if (!Array.isArray(chunk.choices)) throw new NotAnAnswer('a chunk without choices');
        const choice = chunk.choices[0];
        const thinking = whole.thinking.push(thinkingOf(choice?.delta));
        if (thinking) yield { kind: 'thinking', text: thinking };
        const text = whole.text.push(choice?.delta.content ?? '');
        if (text) yield { kind: 'text', text };
        parts.add(choice?.delta.tool_calls);
        if (choice?.finish_reason) finished = true;
        if (chunk.usage) usage = toUsage(chunk.usage);
      }
    } catch (error) {
      if (signal.aborted) return;
      throw toModelFailure(error, { timedOut: timeout.aborted, timeoutMs: this.timeoutMs });
    }
    // The client's loop ends without an error when it is aborted: a cut answer must not look like a whole one.
    if (signal.aborted) return;
    if (timeout.aborted) throw toModelFailure(undefined, { timedOut: true, timeoutMs: this.timeoutMs });
    if (!finished)
      throw Failure.retryable(
        'ModelAnswerIncomplete',
        'The model did not answer to the end: its stream stopped early.',
      );
    for (const kind of ['thinking', 'text'] as const) {
      const rest = whole[kind].end();
      if (rest) yield { kind, text: rest };
    }
    yield { kind: 'end', proposals: parts.proposals, usage };
  }

  private open(prompt: Prompt, signal: AbortSignal): Promise<AsyncIterable<Chunk>> {
    const tools = toChatTools(prompt.tools);
    return this.client.chat.completions.create(
      {
        model: this.name,
        messages: toChatMessages(prompt.messages),
        ...(tools.length > 0 ? { tools } : {}),
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal },
    );
  }
}

/** Reasoning models behind OpenAI-compatible servers put their thinking here; the protocol's types do not know it. */
function thinkingOf(delta: object | undefined): string {
  const { reasoning_content: content } = (delta ?? {}) as { reasoning_content?: unknown };
  return typeof content === 'string' ? content : '';
}

function toUsage(usage: OpenAI.CompletionUsage): Usage {
  return {
    promptTokens: usage.prompt_tokens,
    completionTokens: usage.completion_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
  };
}
