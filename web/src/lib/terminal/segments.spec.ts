import { describe, expect, it } from 'vitest';
import { toTerminalLines, type Ink } from './segments.ts';

const inked = (text: string): (readonly [string, Ink])[] =>
  toTerminalLines(text)
    .flat()
    .filter((segment) => segment.ink !== 'plain')
    .map((segment) => [segment.text, segment.ink] as const);

describe('output of tools', () => {
  const table = [
    'NAME                        READY   STATUS             RESTARTS',
    'checkout-6c9f7d8b54-2xkqp   1/1     Running            0',
    'checkout-6c9f7d8b54-8hs4m   0/1     CrashLoopBackOff   5',
  ].join('\n');

  it('dims the head of a table and what all names begin with', () => {
    expect(inked(table).filter(([, ink]) => ink === 'dim')).toEqual([
      ['NAME                        READY   STATUS             RESTARTS', 'dim'],
      ['checkout-6c9f7d8b54-', 'dim'],
      ['checkout-6c9f7d8b54-', 'dim'],
    ]);
  });

  it('inks states by what they mean', () => {
    expect(inked(table).filter(([, ink]) => ink !== 'dim')).toEqual([
      ['Running', 'good'],
      ['0/1', 'bad'],
      ['CrashLoopBackOff', 'bad'],
    ]);
  });

  it('keeps every sign of the text', () => {
    const text = toTerminalLines(table).map((line) => line.map((segment) => segment.text).join(''));
    expect(text.join('\n')).toBe(table);
  });

  it('inks log levels and dims times', () => {
    expect(inked('2026-11-24T14:18:08.203Z ERROR upstream 503')).toEqual([
      ['2026-11-24T14:18:08.203Z', 'dim'],
      ['ERROR', 'bad'],
    ]);
  });

  it('takes colours that the text brings along, and drops other escapes', () => {
    expect(toTerminalLines('\u001b[31mred\u001b[0m \u001b[2Kplain')).toEqual([
      [
        { text: 'red', ink: 'bad' },
        { text: ' ', ink: 'plain' },
        { text: 'plain', ink: 'plain' },
      ],
    ]);
  });
});
