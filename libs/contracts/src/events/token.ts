import { z } from 'zod';
import { defineEvent, type EventOf } from '../define.ts';
import { TokenId } from '../ids.ts';
import { PersonRef } from '../people.ts';
import { TokenScope } from '../tokens.ts';

export const TokenCreated = defineEvent({
  type: 'token.created.v1',
  description:
    'Somebody made a personal access token, with which their agents use the tools over MCP. The secret is in no event. Once per token.',
  data: z.object({
    tokenId: TokenId,
    name: z.string(),
    scope: TokenScope,
    expiresAt: z.iso.datetime(),
    owner: PersonRef,
  }),
});
export type TokenCreated = EventOf<typeof TokenCreated>;

export const TokenRevoked = defineEvent({
  type: 'token.revoked.v1',
  description:
    'A personal access token opens nothing any more, because its owner said so. Those of somebody who is deactivated end with that. At most once per token.',
  data: z.object({ tokenId: TokenId, name: z.string(), owner: PersonRef, revokedBy: PersonRef }),
});
export type TokenRevoked = EventOf<typeof TokenRevoked>;
