/** Bits of one of the seal's twelve columns, most significant (top) first. */
export type SealColumn = { readonly x: number; readonly bits: readonly boolean[] };

const columnWidth = 4;
const gapAfterFour = 2;

/**
 * The drawing of a digest: its first 8 and last 4 hex digits, one column of four bits each, in groups of four. An aid
 * for recognising it again, never a comparison: code compares the whole digest.
 */
export function sealColumns(digest: string): readonly SealColumn[] {
  return Array.from(sealDigits(digest), (digit, index) => ({
    x: index * columnWidth + Math.floor(index / 4) * gapAfterFour,
    bits: [8, 4, 2, 1].map((bit) => (Number.parseInt(digit, 16) & bit) !== 0),
  }));
}

/** The digits printed beside the drawing: `7c1e 94ab … 3f08`. */
export function sealText(digest: string): string {
  const digits = sealDigits(digest);
  return `${digits.slice(0, 4)} ${digits.slice(4, 8)} … ${digits.slice(8)}`;
}

function sealDigits(digest: string): string {
  return digest.slice(0, 8) + digest.slice(-4);
}
