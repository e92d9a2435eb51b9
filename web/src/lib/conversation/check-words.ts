import type { Check } from '@skyflo/contracts';

export type CheckVerdict = 'holds' | 'broken' | 'unknown';

/** A verification in words: broken as soon as one check does not hold, unknown if one could not be made. */
export function checkWords(checks: readonly Check[]): {
  readonly verdict: CheckVerdict;
  readonly title: string;
  readonly count: string;
} {
  const held = checks.filter((check) => check.holds === true).length;
  const verdict = verdictOf(checks);
  const titles = { holds: 'Verified', broken: 'Not as expected', unknown: 'Not verified' } as const;
  const noun = checks.length === 1 ? 'check holds' : 'checks hold';
  return { verdict, title: titles[verdict], count: `${held} of ${checks.length} ${noun}` };
}

function verdictOf(checks: readonly Check[]): CheckVerdict {
  if (checks.some((check) => check.holds === false)) return 'broken';
  return checks.every((check) => check.holds === true) ? 'holds' : 'unknown';
}
