import { StringDecoder } from 'node:string_decoder';
import { Failure } from '@skyflo/contracts';

/** The lines of a body as they are complete. One longer than `maxBytes` is refused: it would fill the process. */
export async function* linesOf(body: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((line) => line !== '');
    if (rest.length > maxBytes) throw Failure.terminal('TooLarge', 'One object of the stream is larger than 32 MiB.');
  }
  // What is left is a line that was cut off: whoever reads on gets it again.
}
