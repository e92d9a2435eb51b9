import { Identity1763974800000 } from './1763974800000-identity.ts';
import { Access1763974800001 } from './1763974800001-access.ts';

export const migrations = [Identity1763974800000, Access1763974800001];
