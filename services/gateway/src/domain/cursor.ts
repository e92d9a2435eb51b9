/** A place in a conversation's stream: everything up to and including `sequence` of this making of the stream was seen. */
export type Place = { readonly incarnation: string; readonly sequence: number };

/** The opaque text of a place: SSE ids and the `cursor` of a conversation. Clients keep it and give it back, no more. */
export function toCursor(place: Place): string {
  return btoa(`${place.incarnation}~${place.sequence}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The place of a cursor; undefined for anything that `toCursor` did not write. */
export function fromCursor(cursor: string): Place | undefined {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(cursor)) return undefined;
  const match = /^([^~]+)~(\d{1,15})$/.exec(decoded(cursor));
  const [, incarnation, sequence] = match ?? [];
  return incarnation === undefined || sequence === undefined ? undefined : { incarnation, sequence: Number(sequence) };
}

function decoded(cursor: string): string {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    // Not base64 at all: just as unreadable as base64 of something else.
    return '';
  }
}
