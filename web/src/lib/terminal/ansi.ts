import type { Ink, Segment } from './segments.ts';

const inks: Readonly<Record<number, Ink>> = {
  31: 'bad',
  32: 'good',
  33: 'warn',
  34: 'blue',
  35: 'magenta',
  36: 'cyan',
  90: 'dim',
  91: 'bad',
  92: 'good',
  93: 'warn',
  94: 'blue',
  95: 'magenta',
  96: 'cyan',
};

// eslint-disable-next-line no-control-regex -- the escape character is what this is about
const sequence = /\u001b\[([0-9;]*)([A-Za-z])/g;

/** One line with ANSI colours (SGR) as inked segments; every other escape sequence is dropped. */
export function ansiSegments(line: string): readonly Segment[] {
  const segments: Segment[] = [];
  let style: { ink: Ink; bold: boolean } = { ink: 'plain', bold: false };
  let at = 0;
  const push = (text: string): void => {
    if (text) segments.push({ text, ink: style.ink, ...(style.bold && { bold: true }) });
  };
  for (const match of line.matchAll(sequence)) {
    push(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === 'm') style = applied(style, match[1] ?? '');
  }
  push(line.slice(at));
  return segments.length > 0 ? segments : [{ text: '', ink: 'plain' }];
}

function applied(style: { ink: Ink; bold: boolean }, codes: string): { ink: Ink; bold: boolean } {
  let { ink, bold } = style;
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) [ink, bold] = ['plain', false];
    else if (code === 1) bold = true;
    else if (code === 2) ink = 'dim';
    else if (code === 22) bold = false;
    else if (code === 39) ink = 'plain';
    else ink = inks[code] ?? ink;
  }
  return { ink, bold };
}
