/** Calls that were decided on this page: whoever decided is taken to what became of it, nobody else is. */
export const decidedHere = new Set<string>();
