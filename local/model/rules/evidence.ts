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

/** The image of the first container in a description. */
export function imageOf(description: string): string | undefined {
  return /^[\s-]*image:\s+(\S+)/im.exec(description)?.[1];
}

/** What the kubelet said about a pull that failed. */
export function pullError(description: string): string | undefined {
  const line = description
    .split('\n')
    .find((candidate) => /failed to pull|pull access denied|manifest unknown|not found/i.test(candidate));
  return line?.replace(/^.*?(failed to pull)/i, '$1').trim();
}

/** Why the scheduler left a pod where it is. */
export function schedulerReason(text: string): string | undefined {
  return /\d+\/\d+ nodes are available:[^\n]*?(?=(?: preemption:|\n|$))/.exec(text)?.[0].trim();
}

/** What a Service selects, as `key=value`: from the heading of its pods, or from a line of its own. */
export function selectorOf(description: string): string | undefined {
  const found = /^## Pods \(([^)]+)\)/m.exec(description) ?? /^\s*Selector:[ \t]+(\S.*)$/m.exec(description);
  return found?.[1]?.trim();
}
