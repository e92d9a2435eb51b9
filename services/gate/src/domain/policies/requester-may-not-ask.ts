import { hasRole } from '@skyflo/contracts';
import type { Policy } from '../verdict.ts';

/** Viewers look, by themselves over MCP; whatever goes beyond looking takes an operator. */
export const requesterMayNotAsk: Policy = ({ requestedBy, description }) =>
  hasRole(requestedBy.roles, description?.class === 'read' ? 'viewer' : 'operator')
    ? undefined
    : {
        kind: 'refuse',
        policy: 'requesterMayNotAsk',
        message: `${requestedBy.email} may look, but not ask for changes.`,
      };
