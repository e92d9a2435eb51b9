import { z } from 'zod';
import { defineEvent, type EventOf } from '../define.ts';
import { CallId, GrantId } from '../ids.ts';
import { PersonRef } from '../people.ts';
import { ObjectRef } from '../plan.ts';
import { ToolClass } from './tool.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const GrantTarget = z.object({
  verb: z.enum(['create', 'patch', 'apply', 'delete']),
  object: ObjectRef,
  subresource: z.string().optional(),
});
export type GrantTarget = z.infer<typeof GrantTarget>;

export const GatePassed = defineEvent({
  type: 'gate.passed.v1',
  description:
    'The gate lets a call through. For a write this signed event is the grant: single-use, expiring, for exactly this plan; for a read it opens the read client only and has no grant id. At most once per call and revision.',
  data: z.object({
    callId: CallId,
    tool: z.string(),
    class: ToolClass,
    argsDigest: digest,
    cluster: z.string(),
    expiresAt: z.iso.datetime(),
    /** The policy that let it through, by name. */
    policy: z.string(),
    grant: z
      .object({
        grantId: GrantId,
        planDigest: digest,
        targets: z.array(GrantTarget).min(1),
        approvers: z.array(PersonRef).min(1),
      })
      .optional(),
  }),
});
export type GatePassed = EventOf<typeof GatePassed>;

export const RefusalReason = z.enum(['policy', 'person', 'expired', 'withdrawn']);
export type RefusalReason = z.infer<typeof RefusalReason>;

export const GateRefused = defineEvent({
  type: 'gate.refused.v1',
  description: 'The gate closed a call: nothing was changed and nothing will be. Closes the call.',
  data: z.object({
    callId: CallId,
    why: RefusalReason,
    message: z.string(),
    policy: z.string().optional(),
    by: PersonRef.optional(),
    reason: z.string().optional(),
  }),
});
export type GateRefused = EventOf<typeof GateRefused>;
