import { type Place, placeOf, type Walk } from './walk.ts';

/** Says that the run is over, once, and gives the conversation's turn on. */
export const final = (walk: Walk) => async (): Promise<Place> => {
  const { run, move } = walk.look();
  if (move.do === 'end') {
    const next = await walk.journal.ended(walk.lease, run, move.end);
    if (next !== undefined) walk.wake(next);
  }
  return placeOf(move);
};
