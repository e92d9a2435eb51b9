/** A measured figure: what is reported of it and what it is held against. */
export type Figure = {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** What we want; undefined where nothing was set. */
  readonly aim?: number;
  /** Whether more is better; default less. */
  readonly more?: boolean;
  /** What was measured of the original system on 2 cores with nothing else running. */
  readonly original?: string;
};

export type Summary = { readonly median: number; readonly low: number; readonly high: number; readonly n: number };

/** The median with the 10th and 90th percentile; of few values the least and the greatest. */
export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.1), high: at(0.9), n: sorted.length };
}

export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, values, aim, more, original }) => {
    const { median, low, high, n } = summarise(values);
    const spread = n > 1 ? `${round(low)} to ${round(high)}` : '';
    const met = aim === undefined ? '' : (more ? median >= aim : median <= aim) ? 'met' : 'missed';
    return [
      name,
      `${round(median)} ${unit}`,
      spread,
      String(n),
      aim === undefined ? '' : `${aim}`,
      met,
      original ?? '',
    ];
  });
  const head = ['figure', 'median', 'p10 to p90', 'n', 'aim', '', 'original'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
