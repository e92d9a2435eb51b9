import { z } from 'zod';
import { defineEvent, type EventOf } from '../define.ts';
import { Envelope } from '../envelope.ts';
import { CallId, ConversationId, RunId } from '../ids.ts';
import { Person, PersonRef } from '../people.ts';
import { Notice, Plan } from '../plan.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const about = { callId: CallId, revision: z.number().int().min(1), digest };

/** A decision that is wanted; the same in the event, in the inbox and on the card. */
export const ApprovalRequest = z.object({
  ...about,
  runId: RunId,
  conversationId: ConversationId,
  plan: Plan,
  requestedBy: PersonRef,
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** How many people have to approve. */
  needed: z.number().int().min(1),
  /** The policy that asks for it, by name, and what it says. */
  policy: z.object({ name: z.string(), message: z.string() }),
  /** What the gate adds to the plan's own warnings, such as that untrusted text was read before. */
  notices: z.array(Notice),
});
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

export const ApprovalRequested = defineEvent({
  type: 'approval.requested.v1',
  description: 'A write waits for a person. Once per revision of a call.',
  data: ApprovalRequest,
});
export type ApprovalRequested = EventOf<typeof ApprovalRequested>;

export const Decision = z.enum(['approve', 'refuse']);
export type Decision = z.infer<typeof Decision>;

export const ApprovalDecided = defineEvent({
  type: 'approval.decided.v1',
  description:
    'A person decided about one digest. The signed question that carried the decision is kept as evidence. Once per person and revision.',
  internal: ['evidence'],
  data: z.object({
    ...about,
    decision: Decision,
    by: Person,
    reason: z.string().optional(),
    decidedAt: z.iso.datetime(),
    evidence: Envelope.optional(),
  }),
});
export type ApprovalDecided = EventOf<typeof ApprovalDecided>;

export const ApprovalExpired = defineEvent({
  type: 'approval.expired.v1',
  description: 'Nobody decided in time; nothing was changed. At most once per revision.',
  data: z.object(about),
});
export type ApprovalExpired = EventOf<typeof ApprovalExpired>;

export const ApprovalWithdrawn = defineEvent({
  type: 'approval.withdrawn.v1',
  description:
    'The approval is no longer wanted because its run was stopped or has ended; nothing was changed. At most once per revision.',
  data: z.object(about),
});
export type ApprovalWithdrawn = EventOf<typeof ApprovalWithdrawn>;
