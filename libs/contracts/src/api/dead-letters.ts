import { z } from 'zod';
import { FailureRecord } from '../failure.ts';
import { ConversationId, RunId } from '../ids.ts';

/** An event that one consumer could not work off, however often it tried; it waits until somebody sends it round again. */
export const DeadLetter = z.object({
  id: z.string(),
  type: z.string(),
  consumer: z.string(),
  conversationId: ConversationId.optional(),
  runId: RunId.optional(),
  failure: FailureRecord,
  failedAt: z.iso.datetime(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;
export const DeadLetterList = z.object({ items: z.array(DeadLetter) }).meta({ id: 'DeadLetterList' });
export type DeadLetterList = z.infer<typeof DeadLetterList>;
