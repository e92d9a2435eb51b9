import { derivedId, type EventDefinition } from '@skyflo/contracts';

/** An id that the same statement about a run gets again, whoever says it: a second one would be stored once. */
export function eventIdOf(runId: string, event: EventDefinition, step = 0, attempt = 0): string {
  return derivedId(`${runId}/${step}/${attempt}`, event.type);
}
