import { describe, expect, it } from '@jest/globals';
import { APIError } from 'openai';
import { chunksOf } from './chat-chunks.ts';
import { NotAnAnswer } from './model-failure.ts';

const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`;

async function* body(pieces: readonly string[], end?: Error): AsyncGenerator<string> {
  yield* pieces;
  if (end) throw end;
}

async function read(pieces: readonly string[], end?: Error): Promise<string[][]> {
  const groups: string[][] = [];
  for await (const chunks of chunksOf(body(pieces, end)))
    groups.push(chunks.map(({ choices }) => choices[0]?.delta.content ?? ''));
  return groups;
}

describe('the chunks of an answer', () => {
  it('come together as they arrived, wherever the pieces were cut', async () => {
    const text = data(chunk('one')) + data(chunk('two')) + data(chunk('three'));
    expect(await read([text])).toEqual([['one', 'two', 'three']]);
    expect(await read([text.slice(0, 10), text.slice(10, 95), text.slice(95)])).toEqual([['one'], ['two', 'three']]);
    expect((await read(text.split(''))).flat()).toEqual(['one', 'two', 'three']);
  });

  it('may be cut by line ends of any kind and have comments between them', async () => {
    const text = `: hello\r\n\r\n${data(chunk('one')).replaceAll('\n', '\r\n')}:\n\n${data(chunk('two'))}`;
    expect((await read([text])).flat()).toEqual(['one', 'two']);
  });

  it('end with [DONE], whatever comes or breaks then', async () => {
    const pieces = [`${data(chunk('one'))}data: [DONE]\n\ndata: {\n\n`, 'data: nonsense\n\n'];
    expect(await read(pieces, new Error('reset'))).toEqual([['one']]);
  });

  it('fail with what the server says, with what cannot be read, and with the connection', async () => {
    const failed = (pieces: string[], end?: Error) => expect(read(pieces, end)).rejects;
    await failed([data(chunk('one')), data({ error: { message: 'out of memory' } })]).toThrow(APIError);
    await failed([`event: error\n${data({ message: 'out of memory' })}`]).toThrow(APIError);
    await failed(['data: {"choices": [\n\n']).toThrow(SyntaxError);
    await failed(['data: {"choices": [\n\ndata: [DONE]\n\n']).toThrow(SyntaxError);
    for (const other of [{}, [], { choices: 7 }]) await failed([data(other)]).toThrow(NotAnAnswer);
    await failed(['data: null\n\n']).toThrow(NotAnAnswer);
    await failed([data(chunk('one'))], new Error('reset')).toThrow('reset');
  });
});
