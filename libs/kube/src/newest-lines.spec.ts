import { describe, expect, it } from '@jest/globals';
import { newestLines } from './newest-lines.ts';

/** As a kubelet reads a log: the newest lines, then cut at their end. */
function aLog(lines: readonly string[], limitBytes: number) {
  const asked: number[] = [];
  const read = async (tailLines: number) => {
    asked.push(tailLines);
    return lines
      .slice(-tailLines)
      .map((line) => `${line}\n`)
      .join('')
      .slice(0, limitBytes);
  };
  return { asked, read };
}
const numbered = (count: number, length: number) =>
  Array.from({ length: count }, (_, n) => `${n} `.padEnd(length, 'x'));

describe('the newest lines of a log', () => {
  it('are read once where they fit', async () => {
    const { read, asked } = aLog(numbered(200, 50), 10_000);
    const text = await newestLines(read, { tailLines: 100, limitBytes: 10_000 });
    expect(text.split('\n')[0]).toMatch(/^100 /);
    expect(asked).toEqual([100]);
  });

  it('hold the very newest where all that were asked for are too long', async () => {
    const { read, asked } = aLog(numbered(200, 500), 10_000);
    const text = await newestLines(read, { tailLines: 100, limitBytes: 10_000 });
    expect(text).toMatch(/(^|\n)199 x+\n$/);
    expect(text.length).toBeGreaterThan(4_000);
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it('are the beginning of one line that is too long by itself', async () => {
    const { read } = aLog(numbered(3, 50_000), 10_000);
    const text = await newestLines(read, { tailLines: 3, limitBytes: 10_000 });
    expect(text).toMatch(/^2 x/);
  });
});
