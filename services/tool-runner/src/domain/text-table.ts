/** Columns under each other, two spaces apart, as kubectl prints them. A column whose cells are all alike can be left out. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header.map((word) => word.toUpperCase()), ...rows];
  const widths = header.map((_, n) => Math.max(...lines.map((cells) => cells[n]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, n) => (n === cells.length - 1 ? cell : cell.padEnd(widths[n] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
