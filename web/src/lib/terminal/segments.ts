import { ansiSegments } from './ansi.ts';

export type Ink = 'plain' | 'dim' | 'good' | 'bad' | 'warn' | 'blue' | 'magenta' | 'cyan';
export type Segment = { readonly text: string; readonly ink: Ink; readonly bold?: boolean };
export type TerminalLine = readonly Segment[];

type Rule = readonly [pattern: RegExp, ink: Ink];

// What the words of kubectl's tables, describes and common log formats mean. Longer words first.
const rules: readonly Rule[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\b|^\d\d:\d\d:\d\d(?:\.\d+)?\b/g, 'dim'],
  [
    /\b(?:CrashLoopBackOff|ImagePullBackOff|ErrImagePull|ErrImageNeverPull|InvalidImageName|CreateContainerConfigError|CreateContainerError|RunContainerError|OOMKilled|Evicted|FailedScheduling|FailedMount|BackOff|Unhealthy|NotReady|Failed|Error|ERROR|FATAL|PANIC|panic|fatal|error)\b/g,
    'bad',
  ],
  [
    /\b(?:Pending|ContainerCreating|PodInitializing|Terminating|SchedulingDisabled|Progressing|Unknown|Warning|WARNING|WARN|warn)\b/g,
    'warn',
  ],
  [/\b(?:Running|Succeeded|Completed|Active|Bound|Available|Healthy)\b|(?<![\w.-])Ready(?![\w.-])/g, 'good'],
];

/** Output of a tool as lines of inked segments: ANSI colours where it brings its own, else what its words mean. */
export function toTerminalLines(text: string): readonly TerminalLine[] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  const prefix = commonPodPrefix(lines);
  return lines.map((line, index) => {
    // eslint-disable-next-line no-control-regex -- the escape character is what announces a colour
    if (/\u001b\[/.test(line)) return ansiSegments(line);
    if (isTableHead(line) && isTableHead(lines[0] ?? '') && (index === 0 || lines[index - 1] === ''))
      return [{ text: line, ink: 'dim' }];
    return byMeaning(line, prefix);
  });
}

/** `NAME   READY   STATUS`: only capitals, and at least two columns. */
function isTableHead(line: string): boolean {
  return /^[A-Z][A-Z0-9()/_ -]*$/.test(line) && /\S {2,}\S/.test(line);
}

function byMeaning(line: string, prefix: string): TerminalLine {
  const marks: { start: number; end: number; ink: Ink }[] = [];
  const mark = (start: number, end: number, ink: Ink): void => {
    if (!marks.some((each) => start < each.end && each.start < end)) marks.push({ start, end, ink });
  };
  if (prefix && line.startsWith(prefix)) mark(0, prefix.length, 'dim');
  for (const [pattern, ink] of rules) {
    for (const match of line.matchAll(pattern)) mark(match.index, match.index + match[0].length, ink);
  }
  // Ready counts: 0/1 is trouble, 1/1 is not worth a colour.
  for (const match of line.matchAll(/(?<=\s)(\d+)\/(\d+)(?=\s|$)/g)) {
    if (match[1] !== match[2]) mark(match.index, match.index + match[0].length, 'bad');
  }
  return cut(
    line,
    marks.toSorted((a, b) => a.start - b.start),
  );
}

function cut(line: string, marks: readonly { start: number; end: number; ink: Ink }[]): TerminalLine {
  const segments: Segment[] = [];
  let at = 0;
  for (const { start, end, ink } of marks) {
    if (start > at) segments.push({ text: line.slice(at, start), ink: 'plain' });
    segments.push({ text: line.slice(start, end), ink });
    at = end;
  }
  if (at < line.length || segments.length === 0) segments.push({ text: line.slice(at), ink: 'plain' });
  return segments;
}

/** What the names of all rows of a table begin with, so that the eye finds where they differ: `checkout-6c9f7d8b54-`. */
function commonPodPrefix(lines: readonly string[]): string {
  if (!isTableHead(lines[0] ?? '')) return '';
  const names = lines.slice(1).flatMap((line) => /^[a-z0-9][a-z0-9.-]*(?=\s)/.exec(line)?.[0] ?? []);
  if (names.length < 2 || names.length !== lines.length - 1) return '';
  let prefix = names[0] ?? '';
  for (const name of names) while (!name.startsWith(prefix)) prefix = prefix.slice(0, -1);
  const end = prefix.lastIndexOf('-');
  return end > 3 ? prefix.slice(0, end + 1) : '';
}
