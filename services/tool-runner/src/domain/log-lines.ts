/** Times and counters differ in lines that say the same. */
const varying = /\d{4}-\d\d-\d\d[T ][\d:.,]+Z?|\b\d+(\.\d+)?(ms|s|us|µs)?\b|\b[0-9a-f]{8,}\b/gi;

/** Keeps the lines that hold the text, whatever the case. A plain text, not a pattern: nothing to get wrong. */
export function grepLines(lines: readonly string[], text: string): string[] {
  const wanted = text.toLowerCase();
  return lines.filter((line) => line.toLowerCase().includes(wanted));
}

/** Runs of lines that differ only in times and numbers become their last line with a count: `… (×412)`. */
export function foldLines(lines: readonly string[]): string[] {
  const folded: { line: string; shape: string; count: number }[] = [];
  for (const line of lines) {
    const shape = line.replace(varying, '#');
    const last = folded.at(-1);
    if (last?.shape === shape) Object.assign(last, { line, count: last.count + 1 });
    else folded.push({ line, shape, count: 1 });
  }
  return folded.map(({ line, count }) => (count === 1 ? line : `${line} (×${count})`));
}
