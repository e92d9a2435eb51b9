const pieces = /[A-Za-z]+|\d+|\n|[^\sA-Za-z\d]|\s{2,}/g;

/**
 * At most how many tokens (o200k) a model will read in a text, without its vocabulary: words take one per four letters, digits
 * one per three, every other sign one. Names with hashes, which dominate here, are counted about as they are.
 */
export function tokensAtMost(text: string): number {
  let count = 0;
  for (const [piece] of text.matchAll(pieces)) {
    if (/[A-Za-z]/.test(piece)) count += Math.ceil(piece.length / 4);
    else if (/\d/.test(piece)) count += Math.ceil(piece.length / 3);
    else count += piece.charCodeAt(0) > 0x7f ? 2 : 1;
  }
  return count;
}
