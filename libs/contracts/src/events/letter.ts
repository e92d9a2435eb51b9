import { z } from 'zod';
import { defineEvent, type EventOf } from '../define.ts';
import { Envelope } from '../envelope.ts';
import { FailureRecord } from '../failure.ts';
import { EventId } from '../ids.ts';
import { PersonRef } from '../people.ts';

export const LetterDied = defineEvent({
  type: 'letter.died.v1',
  description:
    'A consumer could not handle an event and goes on without it. Once per consumer and event, and once more for each redrive that fails. Its envelope names no conversation: the members of `data` do.',
  internal: ['original'],
  data: z.object({
    /** The durable consumer: service and event type, or persistence and stream. */
    consumer: z.string(),
    stream: z.string(),
    streamSequence: z.number().int().min(0),
    eventId: z.string(),
    /** The type of the event. */
    type: z.string(),
    conversationId: z.string().optional(),
    runId: z.string().optional(),
    failure: FailureRecord,
    failedAt: z.iso.datetime(),
    tries: z.number().int().min(1),
    /** The event as it was received, signature and all, as text; left out where it is too long to be carried. */
    original: z.string().optional(),
    /** The letter whose redrive failed. */
    redriveOf: EventId.optional(),
  }),
});
export type LetterDied = EventOf<typeof LetterDied>;

export const LetterRedriveRequested = defineEvent({
  type: 'letter.redrive-requested.v1',
  description:
    'An admin wants a dead letter handled once more, after its cause was mended. Once per letter; only the consumer named in it acts.',
  internal: ['letter'],
  data: z.object({
    letterId: EventId,
    by: PersonRef,
    /** The `letter.died` itself: its signature proves to the consumer’s service that the letter is its own. */
    letter: Envelope,
  }),
});
export type LetterRedriveRequested = EventOf<typeof LetterRedriveRequested>;

export const LetterRedriven = defineEvent({
  type: 'letter.redriven.v1',
  description: 'The consumer has handled the dead letter after all. At most once per letter.',
  data: z.object({ letterId: EventId, consumer: z.string() }),
});
export type LetterRedriven = EventOf<typeof LetterRedriven>;
