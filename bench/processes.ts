/** What processes take, read from the kernel. Linux only. */
import { readFileSync } from 'node:fs';

/** The kernel's clock ticks per second; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

export type Memory = { readonly pssMiB: number; readonly rssMiB: number };

/** Seconds of CPU that it has used, in user and kernel mode. */
export function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold blanks; the fields behind it do not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Proportional and resident set size (`smaps_rollup`): pages that several processes share count once in the sum of the first. */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kib = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
  return { pssMiB: kib('Pss') / 1024, rssMiB: kib('Rss') / 1024 };
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
