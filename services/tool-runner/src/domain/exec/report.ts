import type { ExecOutput } from '@skyflo/kube';
import { maskText } from '../mask.ts';

/** What a program printed and how it ended, masked; empty outputs are left out. */
export function execText(exitCode: number, output: ExecOutput): string {
  return [`exit code ${exitCode}`, ...outputLines(output)].join('\n');
}

/** What was seen of a program whose end nobody saw. */
export function unfinishedText(why: string, output: ExecOutput): string {
  const seen = outputLines(output);
  return [why, ...(seen.length === 0 ? ['It had printed nothing by then.'] : ['Until then it printed:', ...seen])].join(
    '\n',
  );
}

function outputLines({ stdout, stderr, leftOut }: ExecOutput): string[] {
  return [
    ...(stdout === '' ? [] : [maskText(stdout.trimEnd())]),
    ...(stderr === '' ? [] : ['--- stderr', maskText(stderr.trimEnd())]),
    ...(leftOut > 0 ? [`… ${leftOut} bytes more were printed and are left out …`] : []),
  ];
}
