import { describe, expect, it } from '@jest/globals';
import { whoseTurn } from './turn.ts';

const run = (id: string, over: object = {}) => ({ id, stopRequested: false, openCalls: 0, waitingCalls: 0, ...over });
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
});
