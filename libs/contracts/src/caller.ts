import { z } from 'zod';
import { ConversationId } from './ids.ts';
import { Person } from './people.ts';
import { TokenScope } from './tokens.ts';

/** On whose behalf the gateway hands a request on to a service that people cannot reach themselves. */
export const CallerClaims = z.object({
  /** As they are now, roles included. */
  person: Person,
  /** Where what they do over MCP is put on record. */
  conversationId: ConversationId,
  /** Tells the clients of one person apart; says nothing else and opens nothing. */
  clientId: z.string().min(1).max(200),
  /** What they came with lets them do only this; left out: whatever the person may. */
  scope: TokenScope.optional(),
  /** Toolsets that the client wants in its list besides those of every list. */
  toolsets: z.array(z.string().max(40)).max(20).optional(),
});
export type CallerClaims = z.infer<typeof CallerClaims>;
