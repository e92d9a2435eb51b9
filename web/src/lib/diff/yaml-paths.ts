/** What a fold of lines `start` to `end` (exclusive) hides, as the shortest field paths that are hidden whole. */
export function namesOfHidden(lines: readonly string[], start: number, end: number): readonly string[] {
  const paths = pathsOf(lines);
  const shown = paths.filter((_, index) => index < start || index >= end);
  const names: string[] = [];
  for (const path of paths.slice(start, end)) {
    const name = outermostHidden(path, shown);
    if (name !== '' && !names.some((known) => isWithin(name, known))) names.push(name);
  }
  return names;
}

/** The outermost field above `path` of which nothing but its own line may be shown. */
function outermostHidden(path: string, shown: readonly string[]): string {
  const parts = path.split('.');
  const ancestors = parts.map((_, index) => parts.slice(0, index + 1).join('.'));
  return ancestors.find((ancestor) => !shown.some((each) => each !== ancestor && isWithin(each, ancestor))) ?? '';
}

function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`);
}

/** The dotted path of the key on each line; a line without a key belongs to the one above it. Lists do not count as a level. */
function pathsOf(lines: readonly string[]): readonly string[] {
  const open: { readonly indent: number; readonly key: string }[] = [];
  let current = '';
  return lines.map((line) => {
    const match = /^(\s*(?:- )*)("?[^\s"#:][^":]*"?):(?:\s|$)/.exec(line);
    if (!match) return current;
    const indent = match[1]?.length ?? 0;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    open.push({ indent, key: match[2] ?? '' });
    current = open.map((each) => each.key).join('.');
    return current;
  });
}
