import { catalog, entryOf, toEventName, type FoldableEvent } from '@skyflo/contracts';

/** The event names a conversation's stream can carry; `EventSource` has to be told each one. */
export const streamedNames: readonly string[] = catalog
  .filter((entry) => entry.stream === 'RUNS')
  .map((entry) => toEventName(entry.event.type));

/**
 * Reads one public event. Undefined for what this console does not know (a newer gateway may say more). The event is checked
 * but kept as it came: a plan's digest is over all of its members, also over those this console has no schema for.
 */
export function readEvent(text: string): FoldableEvent | undefined {
  const event = JSON.parse(text) as Partial<FoldableEvent> | null;
  if (typeof event?.type !== 'string' || typeof event.id !== 'string' || typeof event.time !== 'string')
    return undefined;
  const known = entryOf(event.type)?.event.data.safeParse(event.data);
  return known?.success ? (event as FoldableEvent) : undefined;
}
