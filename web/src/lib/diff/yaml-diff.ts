import { diffLines, diffWordsWithSpace } from 'diff';
import { namesOfHidden } from './yaml-paths.ts';

export type Word = { readonly text: string; readonly changed: boolean };
export type Line = {
  readonly kind: 'same' | 'added' | 'removed';
  readonly before?: number;
  readonly after?: number;
  readonly words: readonly Word[];
};
/** Unchanged lines that are folded away; `names` are the fields they hold. */
export type Fold = { readonly kind: 'fold'; readonly lines: readonly Line[]; readonly names: readonly string[] };
export type Row = Line | Fold;
export type Pair = { readonly left?: Line; readonly right?: Line };

const contextLines = 2;

/** Line diff of two YAML texts: numbered on both sides, changed words marked, long unchanged stretches folded. */
export function diffYaml(before: string, after: string): readonly Row[] {
  return fold(markWords(toLines(before, after)));
}

/** How many lines come and go. */
export function countChanges(rows: readonly Row[]): { readonly added: number; readonly removed: number } {
  return {
    added: rows.filter((row) => row.kind === 'added').length,
    removed: rows.filter((row) => row.kind === 'removed').length,
  };
}

/** Side by side: what is removed faces what replaces it. */
export function toPairs(rows: readonly Row[]): readonly (Pair | Fold)[] {
  const pairs: (Pair | Fold)[] = [];
  let removed: Line[] = [];
  let added: Line[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i += 1) {
      const [left, right] = [removed[i], added[i]];
      pairs.push({ ...(left && { left }), ...(right && { right }) });
    }
    [removed, added] = [[], []];
  };
  for (const row of rows) {
    if (row.kind === 'removed') removed.push(row);
    else if (row.kind === 'added') added.push(row);
    else {
      flush();
      pairs.push(row.kind === 'fold' ? row : { left: row, right: row });
    }
  }
  flush();
  return pairs;
}

function toLines(before: string, after: string): Line[] {
  const lines: Line[] = [];
  let [oldNumber, newNumber] = [0, 0];
  for (const part of diffLines(ended(before), ended(after))) {
    for (const text of part.value.replace(/\n$/, '').split('\n')) {
      const words = [{ text, changed: false }];
      if (part.added) lines.push({ kind: 'added', after: ++newNumber, words });
      else if (part.removed) lines.push({ kind: 'removed', before: ++oldNumber, words });
      else lines.push({ kind: 'same', before: ++oldNumber, after: ++newNumber, words });
    }
  }
  return lines;
}

/** A last line without its line end would differ from the same line with one. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Marks the words in which a removed line and the added line that replaces it differ. */
function markWords(lines: readonly Line[]): Line[] {
  const marked = [...lines];
  for (let i = 0; i < marked.length;) {
    const removed = runOf(marked, i, 'removed');
    const added = runOf(marked, i + removed, 'added');
    for (let k = 0; removed === added && k < removed; k += 1) {
      const [from, to] = [marked[i + k], marked[i + removed + k]];
      if (!from || !to) continue;
      const [fromWords, toWords] = changedWords(textOf(from), textOf(to));
      marked[i + k] = { ...from, words: fromWords };
      marked[i + removed + k] = { ...to, words: toWords };
    }
    i += Math.max(removed + added, 1);
  }
  return marked;
}

function runOf(lines: readonly Line[], start: number, kind: Line['kind']): number {
  let length = 0;
  while (lines[start + length]?.kind === kind) length += 1;
  return length;
}

export function textOf(line: Line): string {
  return line.words.map((word) => word.text).join('');
}

function changedWords(from: string, to: string): readonly [readonly Word[], readonly Word[]] {
  const parts = diffWordsWithSpace(from, to);
  const side = (skip: 'added' | 'removed'): readonly Word[] =>
    joinMarks(
      parts.filter((part) => !part[skip]).map((part) => ({ text: part.value, changed: part.added || part.removed })),
    );
  return [side('added'), side('removed')];
}

/** `2.17.4` to `2.18.0` is one change, not two: marks with a single sign between them become one. */
function joinMarks(words: readonly Word[]): readonly Word[] {
  const joined: Word[] = [];
  for (const [index, word] of words.entries()) {
    const last = joined.at(-1);
    const bridges = !word.changed && /^[^\s]$/.test(word.text) && last?.changed && words[index + 1]?.changed;
    if (last && (last.changed === word.changed || bridges))
      joined[joined.length - 1] = { text: last.text + word.text, changed: last.changed };
    else joined.push(word);
  }
  return joined;
}

function fold(lines: readonly Line[]): readonly Row[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some((line) => line.kind !== 'same'),
  );
  const rows: Row[] = [];
  for (let i = 0; i < lines.length;) {
    const line = lines[i];
    let end = i;
    while (end < lines.length && !near[end]) end += 1;
    // A fold takes a row itself: fewer than three lines are not worth hiding.
    if (end - i >= 3) {
      rows.push({ kind: 'fold', lines: lines.slice(i, end), names: namesOfHidden(lines.map(textOf), i, end) });
      i = end;
    } else {
      if (line) rows.push(line);
      i += 1;
    }
  }
  return rows;
}
