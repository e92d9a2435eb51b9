import { z } from 'zod';
import { ConversationId } from './ids.ts';
import { Person } from './people.ts';

/** On whose behalf the gateway hands a request on to a service that people cannot reach themselves. */
export const CallerClaims = z.object({
  /** As they are now, roles included. */
  person: Person,
  /** Where what they do over MCP is put on record. */
  conversationId: ConversationId,
  /** Tells the clients of one person apart; says nothing else and opens nothing. */
  clientId: z.string().min(1).max(200),
});
export type CallerClaims = z.infer<typeof CallerClaims>;
