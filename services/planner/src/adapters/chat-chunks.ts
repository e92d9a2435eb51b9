import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { APIError, type OpenAI } from 'openai';
import { NotAnAnswer } from './model-failure.ts';

export type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;

/**
 * The chunks of a streamed chat completion, together as they arrived together. Ends with the stream; what comes or breaks
 * after `[DONE]` does not matter. Throws what the openai client throws for an error in the stream.
 */
export async function* chunksOf(body: AsyncIterable<string>): AsyncGenerator<readonly Chunk[]> {
  let messages: EventSourceMessage[] = [];
  let done = false;
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  try {
    for await (const text of body) {
      if (done) continue; // Read to its end, so that the connection serves the next question.
      parser.feed(text);
      const end = messages.findIndex(({ data }) => data.startsWith('[DONE]'));
      const chunks = (end < 0 ? messages : messages.slice(0, end)).map(toChunk);
      messages = [];
      done = end >= 0;
      if (chunks.length > 0) yield chunks;
    }
  } catch (error) {
    if (!done) throw error;
  }
}

function toChunk({ event, data }: EventSourceMessage): Chunk {
  const said = JSON.parse(data) as (Partial<Chunk> & { readonly error?: object }) | null;
  if (event === 'error' || said?.error) throw new APIError(undefined, said?.error ?? said ?? {}, undefined, undefined);
  // Servers that only look like the API are what addresses are mistaken for.
  if (!Array.isArray(said?.choices)) throw new NotAnAnswer('a chunk without choices');
  return said as Chunk;
}
