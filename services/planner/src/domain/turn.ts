import { byTurn, type PersonRef } from '@skyflo/contracts';

/** What the queue of a conversation needs to know of a run that has not ended. */
export type QueuedRun = {
  readonly id: string;
  readonly started: boolean;
  readonly stopRequested: boolean;
  readonly openCalls: number;
  /** Of the open calls, those that wait for a person. */
  readonly waitingCalls: number;
  readonly movedUpAt: string | null;
  readonly movedUpBy: PersonRef | null;
  /** Said before the run itself came: it is about to be ended. */
  readonly withdrawnBy: PersonRef | null;
};

/**
 * Whose turn it is to call the model: one run of a conversation at a time. Who has the turn keeps it until it ends or only
 * waits for people; then it goes to whom people moved up, then to whom was requested first. `runs` are the conversation's runs
 * that have not ended.
 */
export function whoseTurn(holder: string | null, runs: readonly QueuedRun[]): string | null {
  const current = runs.find((run) => run.id === holder);
  if (current && !onlyWaitsForPeople(current)) return current.id;
  const next = runs
    .filter((run) => !onlyWaitsForPeople(run) && !run.stopRequested && run.withdrawnBy === null)
    .toSorted(byTurn)
    .at(0);
  return next?.id ?? null;
}

/** Who waits to begin, the next one first. */
export function queued(holder: string | null, runs: readonly QueuedRun[]): QueuedRun[] {
  return runs
    .filter((run) => run.id !== holder && !run.started && !run.stopRequested && run.withdrawnBy === null)
    .toSorted(byTurn);
}

function onlyWaitsForPeople(run: QueuedRun): boolean {
  return run.openCalls > 0 && run.openCalls === run.waitingCalls;
}
