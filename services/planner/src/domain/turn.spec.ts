import { describe, expect, it } from '@jest/globals';
import { newId, PersonId } from '@skyflo/contracts';
import { type QueuedRun, queued, whoseTurn } from './turn.ts';

const run = (id: string, over: Partial<QueuedRun> = {}): QueuedRun => ({
  id,
  started: false,
  stopRequested: false,
  openCalls: 0,
  waitingCalls: 0,
  movedUpAt: null,
  movedUpBy: null,
  withdrawnBy: null,
  ...over,
});
const waiting = { openCalls: 2, waitingCalls: 2 };

describe('the turn of a conversation', () => {
  it('goes to the run that was requested first', () => {
    expect(whoseTurn(null, [run('b'), run('a')])).toBe('a');
  });

  it('stays with its run, also when an older one could go on again', () => {
    expect(whoseTurn('b', [run('a'), run('b')])).toBe('b');
  });

  it('passes on while all that is open waits for a person', () => {
    expect(whoseTurn('a', [run('a', waiting), run('b')])).toBe('b');
    expect(whoseTurn('a', [run('a', { openCalls: 2, waitingCalls: 1 }), run('b')])).toBe('a');
  });

  it('passes on when the run has ended', () => {
    expect(whoseTurn('a', [run('b')])).toBe('b');
    expect(whoseTurn('a', [])).toBeNull();
  });

  it('does not go to a run that is being stopped, which needs no model', () => {
    expect(whoseTurn(null, [run('a', { stopRequested: true }), run('b')])).toBe('b');
  });

  it('goes past others to the run that was moved up last', () => {
    const runs = [run('a'), run('b', { movedUpAt: '2026-01-01T10:00:00.000Z' }), run('c'), run('d')];
    expect(whoseTurn(null, runs)).toBe('b');
    expect(whoseTurn(null, [...runs, run('e', { movedUpAt: '2026-01-01T10:00:00.001Z' })])).toBe('e');
    expect(whoseTurn('a', runs)).toBe('a');
  });

  it('does not go to a run that was withdrawn', () => {
    const withdrawnBy = { id: PersonId.parse(newId()), email: 'mara@example.org' };
    expect(whoseTurn(null, [run('a', { withdrawnBy }), run('b')])).toBe('b');
  });

  it('is waited for by those that have not begun', () => {
    const movedUpAt = '2026-01-01T10:00:00.000Z';
    const runs = [run('a', { started: true }), run('b'), run('c', { stopRequested: true }), run('d', { movedUpAt })];
    expect(queued('a', runs).map(({ id }) => id)).toEqual(['d', 'b']);
    expect(queued('b', runs).map(({ id }) => id)).toEqual(['d']);
  });
});
