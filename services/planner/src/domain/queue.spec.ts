import { describe, expect, it } from '@jest/globals';
import { newId, PersonId } from '@skyflo/contracts';
import { decideMoveUp, decideWithdrawal, movedUpAt, type QueuePlace } from './queue.ts';

const mara = { id: PersonId.parse(newId()), email: 'mara@example.org' };
const ines = { id: PersonId.parse(newId()), email: 'ines@example.org' };
const place = (over: Partial<QueuePlace> = {}): QueuePlace => ({
  state: 'queued',
  withdrawnBy: null,
  movedUpBy: null,
  movedUpAt: null,
  othersMovedUpAt: null,
  ...over,
});
const [early, late] = ['2026-01-01T10:00:00.000Z', '2026-01-01T10:00:05.000Z'];
const gone = ['working', 'stopping', 'ended'] as const;

describe('withdrawing', () => {
  it('takes back what is queued, and what has yet to come', () => {
    expect(decideWithdrawal(place(), mara)).toEqual({ outcome: 'accepted' });
    expect(decideWithdrawal(place({ state: 'unknown' }), mara)).toEqual({ outcome: 'accepted' });
  });

  it.each(gone)('comes too late for a run that is %s, and says so', (state) => {
    expect(decideWithdrawal(place({ state }), mara)).toMatchObject({
      outcome: 'conflict',
      message: expect.stringMatching(/./),
    });
  });

  it('tells who withdrew it the same again, and others who it was', () => {
    const withdrawn = place({ state: 'ended', withdrawnBy: mara });
    expect(decideWithdrawal(withdrawn, mara)).toEqual({ outcome: 'repeated' });
    expect(decideWithdrawal(withdrawn, ines)).toEqual({
      outcome: 'conflict',
      message: 'mara@example.org withdrew this message.',
    });
  });
});

describe('sending now', () => {
  it('moves up what is queued, and what has yet to come', () => {
    expect(decideMoveUp(place(), mara)).toEqual({ outcome: 'accepted' });
    expect(decideMoveUp(place({ state: 'unknown' }), mara)).toEqual({ outcome: 'accepted' });
  });

  it.each(gone)('comes too late for a run that is %s, and says so', (state) => {
    expect(decideMoveUp(place({ state }), mara)).toMatchObject({
      outcome: 'conflict',
      message: expect.stringMatching(/./),
    });
    expect(decideMoveUp(place({ state, movedUpBy: mara, movedUpAt: early }), ines).outcome).toBe('conflict');
  });

  it.each([...gone, 'queued', 'unknown'] as const)('is repeated for who did it, also when it is %s by now', (state) => {
    expect(decideMoveUp(place({ state, movedUpBy: mara, movedUpAt: early }), mara)).toEqual({ outcome: 'repeated' });
  });

  it('moves it up again when another was moved up in between', () => {
    const overtaken = place({ movedUpBy: mara, movedUpAt: early, othersMovedUpAt: late });
    expect(decideMoveUp(overtaken, mara)).toEqual({ outcome: 'accepted' });
    expect(decideMoveUp({ ...overtaken, state: 'working' }, mara)).toEqual({ outcome: 'repeated' });
  });

  it('does not bring back what was withdrawn', () => {
    expect(decideMoveUp(place({ state: 'unknown', withdrawnBy: mara }), mara).outcome).toBe('conflict');
  });

  it('comes after every other move, whatever the clock says', () => {
    expect(movedUpAt(place(), new Date(early))).toBe(early);
    expect(movedUpAt(place({ othersMovedUpAt: late }), new Date(early))).toBe('2026-01-01T10:00:05.001Z');
    expect(movedUpAt(place({ movedUpAt: late }), new Date(early))).toBe('2026-01-01T10:00:05.001Z');
  });
});
