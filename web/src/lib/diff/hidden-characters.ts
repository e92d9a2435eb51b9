import type { Json } from '@skyflo/contracts';

/** A piece of text; `hidden` where it is a character that people would not see or would take for another. */
export type Piece = { readonly text: string; readonly hidden?: { readonly code: string; readonly name: string } };

// Control, format (bidi, zero-width, tags, soft hyphen), odd spaces, line separators, fillers, variation selectors.
const invisible =
  /[\p{Cc}\p{Cf}\p{Variation_Selector}\u00a0\u115f\u1160\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u3164\uffa0]|\u034f|\u17b4|\u17b5/u;
const word = /[\p{L}\p{N}_.-]+/gu;
const latin = /\p{Script=Latin}/u;
const lookalike =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\u{1d400}-\u{1d7ff}\uff21-\uff3a\uff41-\uff5a]/u;

const names: ReadonlyMap<string, string> = new Map([
  ['\u00a0', 'no-break space'],
  ['\u00ad', 'soft hyphen'],
  ['\u200b', 'zero-width space'],
  ['\u200c', 'zero-width non-joiner'],
  ['\u200d', 'zero-width joiner'],
  ['\u200e', 'left-to-right mark'],
  ['\u200f', 'right-to-left mark'],
  ['\u202a', 'left-to-right embedding'],
  ['\u202b', 'right-to-left embedding'],
  ['\u202d', 'left-to-right override'],
  ['\u202e', 'right-to-left override'],
  ['\u2066', 'left-to-right isolate'],
  ['\u2067', 'right-to-left isolate'],
  ['\u2069', 'end of isolate'],
  ['\ufeff', 'byte order mark'],
]);

/**
 * Splits a text where something in it cannot be trusted to the eye: control, bidirectional and zero-width characters, and
 * letters of other scripts inside a Latin word. Line ends and, as indentation, tabs are not hidden.
 */
export function toPieces(text: string): readonly Piece[] {
  const confusable = confusableAt(text);
  const pieces: Piece[] = [];
  let plain = '';
  let index = 0;
  for (const character of text) {
    const hidden = character !== '\n' && character !== '\t' && invisible.test(character);
    if (hidden || confusable.has(index)) {
      if (plain) pieces.push({ text: plain });
      plain = '';
      pieces.push({
        text: character,
        hidden: { code: codeOf(character), name: hidden ? nameOfHidden(character) : 'looks like a Latin letter' },
      });
    } else plain += character;
    index += character.length;
  }
  if (plain) pieces.push({ text: plain });
  return pieces;
}

/** How many such characters a value holds anywhere, in its keys too. */
export function countHidden(value: Json): number {
  if (typeof value === 'string') return toPieces(value).filter((piece) => piece.hidden).length;
  if (value === null || typeof value !== 'object') return 0;
  if (Array.isArray(value)) return (value as readonly Json[]).reduce<number>((sum, each) => sum + countHidden(each), 0);
  return Object.entries(value).reduce((sum, [key, each]) => sum + countHidden(key) + countHidden(each as Json), 0);
}

function confusableAt(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (const match of text.matchAll(word)) {
    if (!latin.test(match[0]) || !lookalike.test(match[0])) continue;
    let index = match.index;
    for (const character of match[0]) {
      if (lookalike.test(character)) found.add(index);
      index += character.length;
    }
  }
  return found;
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function nameOfHidden(character: string): string {
  return names.get(character) ?? (/\p{Cc}/u.test(character) ? 'control character' : 'invisible character');
}
