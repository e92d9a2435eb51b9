import { type AnyEvent, type Conversation, foldConversation } from '@skyflo/contracts';
import type { Recorded } from './ports.ts';

/** The part of a batch that belongs to one conversation. */
export type Slice = {
  readonly conversationId: string;
  readonly runIds: readonly string[];
  readonly events: readonly Recorded[];
};

/** Splits a batch by conversation; order within each is kept. Events of no conversation (people) have no projection. */
export function sliceByConversation(batch: readonly Recorded[]): readonly Slice[] {
  const groups = Map.groupBy(
    batch.filter(({ event }) => event.conversationid !== undefined),
    ({ event }) => event.conversationid ?? '',
  );
  return [...groups].map(([conversationId, events]) => ({
    conversationId,
    runIds: [...new Set(events.flatMap(({ event }) => event.runid ?? []))],
    events,
  }));
}

export function project(before: Conversation | undefined, slice: Slice): Conversation | undefined {
  return slice.events.reduce<Conversation | undefined>(
    (state, { event }) => foldConversation(state, event as AnyEvent),
    before,
  );
}
