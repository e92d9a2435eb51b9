/** Statements are constants of the code. Should somebody build them from data, the server must not keep them all. */
const most = 500;

const names = new Map<string, string>();

/**
 * The name under which a connection prepares a statement, so that the server parses it once and, where that is as good, plans it
 * once. Undefined: it is not prepared.
 */
export function statementNamed(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size >= most) return known;
  const name = `s${names.size}`;
  names.set(sql, name);
  return name;
}
