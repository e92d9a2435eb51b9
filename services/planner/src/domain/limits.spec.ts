import { describe, expect, it } from '@jest/globals';
import { aCall, aRun, finished } from '../../test/builders.ts';
import { modelCalls, workedMs } from './limits.ts';

const at = (minute: number): string => `2026-01-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const waits = (from: number, to: number | undefined) =>
  aCall(0, from, to === undefined ? null : finished(), {
    waitingAt: at(from),
    closedAt: to === undefined ? null : at(to),
  });

describe('the time a run has worked', () => {
  it('leaves out the time in which it waited for a person', () => {
    expect(workedMs(aRun({ calls: [waits(1, 5)] }), new Date(at(6)))).toBe(2 * 60_000);
  });

  it('counts waits that overlap once, and an open one until now', () => {
    const run = aRun({ calls: [waits(1, 4), waits(2, 5), waits(7, undefined)] });
    expect(workedMs(run, new Date(at(10)))).toBe(3 * 60_000);
  });

  it('is none before the run was started', () => {
    expect(workedMs(aRun({ startedAt: null }), new Date(at(10)))).toBe(0);
  });
});

describe('the calls of a run', () => {
  it('do not count the checks that the planner added', () => {
    const verifies = { callId: 'x', expected: '', facts: {} };
    expect(modelCalls(aRun({ calls: [aCall(0, 0, null), aCall(1, 0, null, { verifies })] }))).toBe(1);
  });
});
