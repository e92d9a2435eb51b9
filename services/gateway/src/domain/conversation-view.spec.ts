import { describe, expect, it } from '@jest/globals';
import { ConversationId, type ConversationSummary, newId, PersonId } from '@skyflo/contracts';
import type { OwnedConversation } from './conversation-access.ts';
import { mergeSummaries } from './conversation-view.ts';

const owner = { id: PersonId.parse(newId()), email: 'ada@example.com' };
const opened = (title: string, minute: number): OwnedConversation => ({
  id: ConversationId.parse(newId()),
  title,
  owner,
  createdAt: new Date(Date.UTC(2026, 10, 24, 12, minute)),
});
const recorded = ({ id, createdAt }: OwnedConversation, title: string): ConversationSummary => ({
  id,
  title,
  createdAt: createdAt.toISOString(),
  status: 'completed',
});

describe('the list of conversations', () => {
  it('holds what was opened and not recorded yet, newest first, and each once', () => {
    const [first, second, third] = [opened('', 1), opened('', 2), opened('third', 3)];
    const merged = mergeSummaries([recorded(second, 'two'), recorded(first, 'one')], [third, second, first], 10);
    expect(merged.map(({ title }) => title)).toEqual(['third', 'two', 'one']);
    expect(merged[2]?.status).toBe('completed');
  });

  it('ends at its limit, however much both sides know', () => {
    const all = [opened('c', 3), opened('b', 2), opened('a', 1)];
    expect(mergeSummaries([], all, 2).map(({ title }) => title)).toEqual(['c', 'b']);
  });
});
