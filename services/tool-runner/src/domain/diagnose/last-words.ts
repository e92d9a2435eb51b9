import { foldLines } from '../log-lines.ts';
import { quote } from './trouble.ts';

const telling =
  /fatal|panic|exception|error|denied|refused|cannot|can't|unable|not set|not found|no such|missing|fail/i;
const most = 2;

/** The lines of a log that say why a program ended: the last that sound like trouble, else the very last. */
export function lastWords(log: string): string[] {
  const lines = foldLines(
    log
      .split('\n')
      .map((line) => line.replace(/^\d{4}-\d\d-\d\dT\S+\s+/, '').trim())
      .filter((line) => line !== ''),
  );
  const bad = lines.filter((line) => telling.test(line));
  return (bad.length > 0 ? bad : lines).slice(-most).flatMap(quote);
}
