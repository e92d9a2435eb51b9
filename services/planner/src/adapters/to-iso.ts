/** SQL for a time as JavaScript writes it, so that such texts can be compared and sorted. */
export function toIso(column: string): string {
  return `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
