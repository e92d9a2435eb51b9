import { hasRole } from '@skyflo/contracts';
import type { Policy } from '../verdict.ts';

export const requesterMayNotAsk: Policy = ({ requestedBy }) =>
  hasRole(requestedBy.roles, 'operator')
    ? undefined
    : {
        kind: 'refuse',
        policy: 'requesterMayNotAsk',
        message: `${requestedBy.email} may look, but not have tools used.`,
      };
