import type { Conversation, Run } from './state.ts';

type Place = { readonly id: string; readonly movedUpAt?: string | null | undefined };

/**
 * The order in which runs of a conversation have their turn: those that people moved up, the latest first, then in the order of
 * their ids, which is the order in which they were requested (UUIDv7). A comparison for sorting.
 */
export function byTurn(a: Place, b: Place): number {
  const [first, second] = [a.movedUpAt ?? '', b.movedUpAt ?? ''];
  if (first !== second) return first > second ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** The runs that wait for their turn, the next one first. */
export function queueOf(conversation: Conversation): Run[] {
  return conversation.runs.filter((run) => run.status === 'queued' && run.stopRequested !== true).toSorted(byTurn);
}
