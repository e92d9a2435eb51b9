import { callsOf } from '../domain/run-view.ts';
import { compareChecks, planVerification } from '../domain/verification.ts';
import { type Place, placeOf, type Walk } from './walk.ts';

/** After writes: looks whether they took, by code, and writes down expectation and observation before the model hears of it. */
export const verify = (walk: Walk) => async (): Promise<Place> => {
  const { lease, journal } = walk;
  const { run, move } = walk.look();
  if (move.do === 'verify') {
    const calls = planVerification(callsOf(run, move.step - 1));
    await journal.verifying(lease, run, { step: move.step, calls });
  } else if (move.do === 'compare') {
    await journal.verified(lease, run, { step: move.step, checks: compareChecks(callsOf(run, move.step)) });
  } else {
    return placeOf(move);
  }
  return placeOf((await walk.lookAgain()).move);
};
