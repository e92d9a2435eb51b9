import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The words a running process was started with; undefined when there is none with this number. */
export function commandLineOf(pid: number): string[] | undefined {
  try {
    const line =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
            .trim()
            .split(' ');
    const words = line.filter((word) => word !== '');
    return words.length === 0 ? undefined : words;
  } catch {
    return undefined; // No such process.
  }
}
