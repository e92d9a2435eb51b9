import type { Conversation, ConversationSummary } from '@skyflo/contracts';
import type { OwnedConversation } from './conversation-access.ts';

/**
 * The list as its reader expects it: what the record knows, and what was opened a moment ago and has not reached the record
 * yet. Both come newest first, at most `limit` of each, so that the newest `limit` of all are among them.
 */
export function mergeSummaries(
  recorded: readonly ConversationSummary[],
  opened: readonly OwnedConversation[],
  limit: number,
): ConversationSummary[] {
  const known = new Set<string>(recorded.map(({ id }) => id));
  const fresh = opened.filter(({ id }) => !known.has(id)).map(toSummary);
  return [...recorded, ...fresh].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, limit);
}

/** A conversation nothing of which was recorded yet. */
export function emptyConversation({ id, title, owner, createdAt }: OwnedConversation): Conversation {
  return { id, title, owner, createdAt: createdAt.toISOString(), messages: [], runs: [] };
}

function toSummary({ id, title, createdAt }: OwnedConversation): ConversationSummary {
  return { id, title, createdAt: createdAt.toISOString() };
}
