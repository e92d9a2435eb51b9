/** What a fold of lines `start` to `end` (exclusive) hides, as the shortest field paths that are hidden whole. */
export function namesOfHidden(lines: readonly string[], start: number, end: number): readonly string[] {
  const paths = pathsOf(lines);
  const shown = paths.filter((_, index) => index < start || index >= end);
  const names: string[] = [];
  for (const path of paths.slice(start, end)) {
    if (path === '' || names.some((name) => isWithin(path, name))) continue;
    if (shown.some((each) => isWithin(each, path))) continue;
    names.push(path);
  }
  return names;
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
