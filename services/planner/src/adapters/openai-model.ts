import { Inject, Injectable } from '@nestjs/common';
import { Failure, type Usage } from '@skyflo/contracts';
import { CONFIG } from '@skyflo/service-kit';
import OpenAI from 'openai';
import type { PlannerConfig } from '../config.ts';
import { Model, type ModelPiece } from '../domain/ports.ts';
import type { Prompt } from '../domain/prompt.ts';
import { WholeText } from '../domain/whole-text.ts';
import { type Chunk, chunksOf } from './chat-chunks.ts';
import { toModelFailure } from './model-failure.ts';
import { ModelWire } from './model-wire.ts';
import { ProposalParts } from './proposal-parts.ts';
import { toChatMessages, toChatTools } from './to-chat.ts';

/**
 * Any OpenAI-compatible chat-completions API. The client makes the request and its errors and retries nothing: after the first
 * delta was published a hidden retry would say it twice. What is streamed is read here, for a third of the work per token.
 */
@Injectable()
export class OpenAiModel extends Model {
  readonly name: string;
  private readonly wire = new ModelWire();
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
      fetch: this.wire.fetch,
      maxRetries: 0,
      timeout: this.timeoutMs,
      // It would write what the model said to stderr; failures are told where they are handled.
      logLevel: 'off',
    });
  }

  async *ask(prompt: Prompt, signal: AbortSignal): AsyncIterable<ModelPiece> {
    const timeout = new AbortController();
    const clock = setTimeout(() => timeout.abort(), this.timeoutMs);
    const heard = new Heard();
    try {
      const body = await this.open(prompt, AbortSignal.any([signal, timeout.signal]));
      for await (const chunks of chunksOf(body)) yield* heard.pieces(chunks);
    } catch (error) {
      if (signal.aborted) return;
      throw toModelFailure(error, { timedOut: timeout.signal.aborted, timeoutMs: this.timeoutMs });
    } finally {
      clearTimeout(clock);
    }
    // A cut answer must not look like a whole one, nor like a broken one.
    if (signal.aborted) return;
    if (!heard.finished)
      throw Failure.retryable(
        'ModelAnswerIncomplete',
        'The model did not answer to the end: its stream stopped early.',
      );
    yield* heard.rest();
  }

  private async open(prompt: Prompt, signal: AbortSignal): Promise<AsyncIterable<string>> {
    const tools = toChatTools(prompt.tools);
    const asked = this.client.chat.completions.create(
      {
        model: this.name,
        messages: toChatMessages(prompt.messages),
        ...(tools.length > 0 ? { tools } : {}),
        stream: true,
        stream_options: { include_usage: true },
      },
      { signal },
    );
    return this.wire.bodyOf(await asked.asResponse());
  }
}

/** One answer as it is put together. */
class Heard {
  finished = false;
  readonly #parts = new ProposalParts();
  readonly #whole = { thinking: new WholeText(), text: new WholeText() };
  #usage: Usage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

  /** What arrived together and is of one kind is one piece. */
  *pieces(chunks: readonly Chunk[]): Generator<ModelPiece> {
    const said = { thinking: '', text: '' };
    for (const { choices, usage } of chunks) {
      const choice = choices[0];
      said.thinking += thinkingOf(choice?.delta);
      said.text += choice?.delta.content ?? '';
      this.#parts.add(choice?.delta.tool_calls);
      if (choice?.finish_reason) this.finished = true;
      if (usage) this.#usage = toUsage(usage);
    }
    for (const kind of kinds) {
      const text = this.#whole[kind].push(said[kind]);
      if (text) yield { kind, text };
    }
  }

  *rest(): Generator<ModelPiece> {
    for (const kind of kinds) {
      const text = this.#whole[kind].end();
      if (text) yield { kind, text };
    }
    yield { kind: 'end', proposals: this.#parts.proposals, usage: this.#usage };
  }
}

/** A model thinks before it speaks. */
const kinds = ['thinking', 'text'] as const;

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
