/** What the queue of a conversation needs to know of a run that has not ended. */
export type QueuedRun = {
  readonly id: string;
  readonly stopRequested: boolean;
  readonly openCalls: number;
  /** Of the open calls, those that wait for a person. */
  readonly waitingCalls: number;
};

/**
 * Whose turn it is to call the model: one run of a conversation at a time, in the order of their ids, which is the order in
 * which they were requested (UUIDv7). Who has the turn keeps it until it ends or only waits for people. `runs` are the
 * conversation's runs that have not ended.
 */
export function whoseTurn(holder: string | null, runs: readonly QueuedRun[]): string | null {
  const current = runs.find((run) => run.id === holder);
  if (current && !onlyWaitsForPeople(current)) return current.id;
  const next = runs
    .filter((run) => !onlyWaitsForPeople(run) && !run.stopRequested)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .at(0);
  return next?.id ?? null;
}

function onlyWaitsForPeople(run: QueuedRun): boolean {
  return run.openCalls > 0 && run.openCalls === run.waitingCalls;
}
