/** JSON text for a `jsonb` or `text` column. Postgres has no NUL character; what a cluster says may contain one. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'string' ? withoutNul(member) : member));
}

export function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
