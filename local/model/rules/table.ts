/** A row of a table by its column heads, in upper case as kubectl prints them. */
export type Row = Readonly<Record<string, string>>;

/**
 * Reads the first kubectl-like table of a text. Columns begin where their heads begin; heads are upper case and at least
 * two spaces apart. Lines before the head, and from the first empty line on, are no rows.
 */
export function readTable(text: string): Row[] {
  const lines = text.split('\n');
  const at = lines.findIndex(
    (line) => /^[A-Z][A-Z0-9 ()%/_-]*$/.test(line.trimEnd()) && /\bNAME\b|\bREASON\b/.test(line),
  );
  const head = lines[at];
  if (head === undefined) return [];
  const columns = [...head.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ name: match[0], start: match.index }));
  const rows: Row[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.trim() === '' || line.startsWith('…')) break;
    rows.push(
      Object.fromEntries(
        columns.map(({ name, start }, index) => [name, line.slice(start, columns[index + 1]?.start).trim()]),
      ),
    );
  }
  return rows;
}
