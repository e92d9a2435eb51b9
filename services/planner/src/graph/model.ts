import { modelCalls } from '../domain/limits.ts';
import { settleProposals } from '../domain/proposals.ts';
import type { RunView } from '../domain/run-view.ts';
import type { AskModel } from '../domain/what-next.ts';
import { type Place, placeOf, type Walk } from './walk.ts';
import { wait } from './wait.ts';

/** Asks the model for the next step and writes its answer down with the calls it proposes, in one transaction. */
export const model = (walk: Walk) => async (): Promise<Place> => {
  const { run, move } = walk.look();
  if (move.do === 'wait-for-turn') wait('another run of the conversation has its turn');
  if (move.do !== 'ask-model') return placeOf(move);
  await ask(walk, run, move);
  return placeOf((await walk.lookAgain()).move);
};

async function ask({ asking, journal, lease, limits }: Walk, run: RunView, move: AskModel): Promise<void> {
  const { step } = move;
  const asked = await asking.begin(run, move, lease);
  if ('failure' in asked) return journal.failed(lease, run, { step, failure: asked.failure });
  const { answer, briefing } = asked;
  const calls = settleProposals(answer.proposals, {
    runId: run.id,
    step,
    tools: briefing.callable,
    callsLeft: limits.maxCalls - modelCalls(run),
  });
  await journal.answered(lease, run, { step, answer, calls, afterUntrustedText: briefing.afterUntrustedText });
}
