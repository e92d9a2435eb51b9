import { z } from 'zod';
import { defineEvent, type EventOf } from '../define.ts';
import { PersonRef } from '../people.ts';

export const ConversationCreated = defineEvent({
  type: 'conversation.created.v1',
  description: 'A person opened a conversation. Once per conversation, before everything else of it.',
  data: z.object({ title: z.string().max(200).optional(), owner: PersonRef }),
});
export type ConversationCreated = EventOf<typeof ConversationCreated>;
