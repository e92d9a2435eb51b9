/** The line of a log that says why: the last one that sounds like trouble, else the last one. Time stamps are cut off. */
export function tellingLine(log: string): string | undefined {
  const lines = log
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT\S+\s+/, '').trim())
    .filter((line) => line !== '' && !/^(\[|…|\.\.\.|##)/.test(line));
  return (
    lines.findLast((line) => /fatal|panic|exception|not set|missing|denied|refused|cannot|can't|unable/i.test(line)) ??
    lines.findLast((line) => /error|fail/i.test(line)) ??
    lines.at(-1)
  );
}
