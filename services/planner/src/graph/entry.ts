import { type Place, placeOf, type Walk } from './walk.ts';

/** Where a thread begins, also one that lost its checkpoints: the tables say where the run really is. */
export const entry = (walk: Walk) => async (): Promise<Place> => {
  const { move } = walk.look();
  return placeOf(move);
};
