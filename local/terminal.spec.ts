import { describe, expect, it } from '@jest/globals';
import { Terminal } from './terminal.ts';

function anOutput(isTTY: boolean) {
  let text = '';
  const write = (chunk: string | Uint8Array) => ((text += String(chunk)), true);
  return { out: { isTTY, columns: 40, write } as ConstructorParameters<typeof Terminal>[0], text: () => text };
}

describe('what is told at the terminal', () => {
  it('keeps lines and replaces progress below them', () => {
    const { out, text } = anOutput(true);
    const terminal = new Terminal(out);
    terminal.progress('nats', 'building 1 of 9');
    terminal.say('Postgres is up.');
    terminal.done('nats', 'nats-server is up.');
    const visible = text().split('\r\u001B[K');
    expect(visible).toEqual(['… building 1 of 9', 'Postgres is up.\n… building 1 of 9', 'nats-server is up.\n']);
  });

  it('cuts progress to the width of the terminal, so that it stays one line', () => {
    const { out, text } = anOutput(true);
    new Terminal(out).progress('sandbox', 'x'.repeat(100));
    expect(text()).toHaveLength(39);
  });

  it('does not fill a log with progress', () => {
    const { out, text } = anOutput(false);
    const terminal = new Terminal(out);
    for (let done = 0; done < 50; done++) terminal.progress('nats', `building ${done}`);
    terminal.done('nats', 'nats-server is up.');
    expect(text()).toBe('… building 0\nnats-server is up.\n');
  });
});
