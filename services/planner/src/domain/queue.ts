import { assertNever, type PersonRef, type QueueAnswer } from '@skyflo/contracts';

/** How a run stands in its conversation's queue, read under the conversation's lock. */
export type QueuePlace = {
  /** Unknown: its message is on its way here. Working: it has the turn or has begun. */
  readonly state: 'unknown' | 'queued' | 'working' | 'stopping' | 'ended';
  readonly withdrawnBy: PersonRef | null;
  readonly movedUpBy: PersonRef | null;
  readonly movedUpAt: string | null;
  /** When another open run of the conversation was last moved up. */
  readonly othersMovedUpAt: string | null;
};

/** Only what nobody works on can be taken back; whoever asks again is told the same. */
export function decideWithdrawal(place: QueuePlace, by: PersonRef): QueueAnswer {
  const { withdrawnBy } = place;
  if (withdrawnBy) return withdrawnBy.id === by.id ? repeated : conflict(`${withdrawnBy.email} withdrew this message.`);
  return ifQueued(place);
}

/** Asked again by the same person it is a repetition, unless another run was moved up in between. */
export function decideMoveUp(place: QueuePlace, by: PersonRef): QueueAnswer {
  const { withdrawnBy, movedUpBy, movedUpAt, othersMovedUpAt } = place;
  if (withdrawnBy) return conflict(`${withdrawnBy.email} withdrew this message.`);
  const overtaken = isQueued(place) && (othersMovedUpAt ?? '') > (movedUpAt ?? '');
  if (movedUpBy?.id === by.id && !overtaken) return repeated;
  return ifQueued(place);
}

/** Later than every other move of the conversation, whatever the clocks of different machines say. */
export function movedUpAt(place: QueuePlace, now: Date): string {
  const latest = Math.max(Date.parse(place.othersMovedUpAt ?? '') || 0, Date.parse(place.movedUpAt ?? '') || 0);
  return new Date(Math.max(now.getTime(), latest + 1)).toISOString();
}

const accepted = { outcome: 'accepted' } as const;
const repeated = { outcome: 'repeated' } as const;
const conflict = (message: string) => ({ outcome: 'conflict', message }) as const;

function isQueued({ state }: QueuePlace): boolean {
  return state === 'queued' || state === 'unknown';
}

function ifQueued({ state }: QueuePlace): QueueAnswer {
  switch (state) {
    case 'unknown':
    case 'queued':
      return accepted;
    case 'working':
      return conflict('This message is being worked on already; its run can be stopped.');
    case 'stopping':
      return conflict('This message is no longer queued: its run is being stopped.');
    case 'ended':
      return conflict('This message is no longer queued: its run is over.');
    default:
      return assertNever(state, 'state');
  }
}
