import { type Place, placeOf, type Walk } from './walk.ts';
import { wait } from './wait.ts';

/** Waits for the answers of a step's calls. It only reads, so it is harmless to pass here any number of times. */
export const gate = (walk: Walk) => async (): Promise<Place> => {
  const { move } = walk.look();
  if (move.do === 'wait-for-calls') wait('calls are open');
  return placeOf(move);
};
