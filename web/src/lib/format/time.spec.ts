import { describe, expect, it } from 'vitest';
import { byDay, clock, countdown, duration, moment } from './time.ts';

const now = new Date(2026, 10, 24, 14, 31).getTime();
const minutes = (n: number): number => now - n * 60_000;

describe('times', () => {
  it('are relative for an hour, then the clock, then the date', () => {
    expect(moment(minutes(0), now)).toBe('now');
    expect(moment(minutes(12), now)).toBe('12 min ago');
    expect(moment(minutes(150), now)).toBe(clock(minutes(150)));
    expect(moment(minutes(60 * 24 * 3), now)).toBe('21 Nov');
  });

  it('count down without going below zero', () => {
    expect(countdown(822_000)).toBe('13:42');
    expect(countdown(-5)).toBe('0:00');
  });

  it('have units', () => {
    expect(duration(320)).toBe('0.3 s');
    expect(duration(58_000)).toBe('58 s');
    expect(duration(120_000)).toBe('2 min');
    expect(duration(125_000)).toBe('2 min 5 s');
  });
});

describe('conversations by day', () => {
  it('are grouped newest first', () => {
    const at = (n: number): { createdAt: string } => ({ createdAt: new Date(minutes(n)).toISOString() });
    const groups = byDay([at(60 * 30), at(5), at(60 * 24 * 5), at(90), at(60 * 24 * 40)], now);
    expect(groups.map((group) => [group.title, group.items.length])).toEqual([
      ['Today', 2],
      ['Yesterday', 1],
      ['Previous 7 days', 1],
      ['October 2026', 1],
    ]);
    expect(groups[0]?.items[0]?.createdAt).toBe(at(5).createdAt);
  });
});
