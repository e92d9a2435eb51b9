import { endedRunStatuses, type Conversation, type Message, type Run } from '@skyflo/contracts';

/** A message that waits until the runs before it are over. */
export type Queued = { readonly run: Run; readonly message: Message };

/** In the order in which they will be worked off. One with nothing before it is not queued, it is about to begin. */
export function queueOf({ runs, messages }: Pick<Conversation, 'runs' | 'messages'>): readonly Queued[] {
  const open = runs.filter((run) => !endedRunStatuses.has(run.status));
  return open.slice(1).flatMap((run) => {
    const message = messages.find((each) => each.runId === run.id && each.role === 'user');
    return run.status === 'queued' && message ? [{ run, message }] : [];
  });
}
