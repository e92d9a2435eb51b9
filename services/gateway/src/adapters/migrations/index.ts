import { Identity1763974800000 } from './1763974800000-identity.ts';
import { Access1763974800001 } from './1763974800001-access.ts';
import { RunEnds1763974800002 } from './1763974800002-run-ends.ts';
import { Mcp1763974800003 } from './1763974800003-mcp.ts';
import { Redrives1763974800004 } from './1763974800004-redrives.ts';
import { Elsewhere1763974800005 } from './1763974800005-elsewhere.ts';
import { RedrivesAgain1763974800006 } from './1763974800006-redrives-again.ts';
import { MessageKeys1763974800007 } from './1763974800007-message-keys.ts';
import { PersonalTokens1763974800008 } from './1763974800008-personal-tokens.ts';

export const migrations = [
  Identity1763974800000,
  Access1763974800001,
  RunEnds1763974800002,
  Mcp1763974800003,
  Redrives1763974800004,
  Elsewhere1763974800005,
  RedrivesAgain1763974800006,
  MessageKeys1763974800007,
  PersonalTokens1763974800008,
];
