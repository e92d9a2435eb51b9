import { z } from 'zod';
import { defineEvent, type EventOf } from '../define.ts';
import { FailureRecord } from '../failure.ts';
import { CallId, MessageId } from '../ids.ts';
import { Person, PersonRef } from '../people.ts';

export const RunRequested = defineEvent({
  type: 'run.requested.v1',
  description:
    'A person sent a message; said by the tool-runner, a tool was called over MCP: then `content` names the call, and the planner has no part in the run. Once per run, its first event.',
  data: z.object({ messageId: MessageId, content: z.string().min(1).max(32_000), requestedBy: Person }),
});
export type RunRequested = EventOf<typeof RunRequested>;

export const RunStopRequested = defineEvent({
  type: 'run.stop-requested.v1',
  description:
    'A person asked the run to stop or another message to be next, or the MCP client that waited for it is gone: open approvals are withdrawn, unclaimed calls cancelled, a write that was sent ends and is reported.',
  data: z.object({ by: PersonRef }),
});
export type RunStopRequested = EventOf<typeof RunStopRequested>;

export const RunWithdrawn = defineEvent({
  type: 'run.withdrawn.v1',
  description:
    'A person took a message back before it was worked on. At most once per run; run.completed {withdrawn} follows it.',
  data: z.object({ by: PersonRef }),
});
export type RunWithdrawn = EventOf<typeof RunWithdrawn>;

export const RunMovedUp = defineEvent({
  type: 'run.moved-up.v1',
  description:
    'A person wants a queued run to be next: it goes before all others of its conversation, and the run that works is stopped. The later of two goes first.',
  data: z.object({ by: PersonRef, at: z.iso.datetime() }),
});
export type RunMovedUp = EventOf<typeof RunMovedUp>;

export const RunStarted = defineEvent({
  type: 'run.started.v1',
  description:
    'The planner, or for an MCP client the tool-runner, took the run up. Once per run; later attempts do not repeat it.',
  data: z.object({
    /** `none` where an MCP client asked: which model is behind it, if any, is its own affair. */
    model: z.string(),
  }),
});
export type RunStarted = EventOf<typeof RunStarted>;

/** One expectation held against the cluster by code. `holds: null`: it could not be checked. */
export const Check = z.object({
  callId: CallId,
  expected: z.string(),
  observed: z.string(),
  holds: z.boolean().nullable(),
});
export type Check = z.infer<typeof Check>;

export const RunVerified = defineEvent({
  type: 'run.verified.v1',
  description: 'After writes, what was expected and what the cluster showed. Once per step that wrote something.',
  data: z.object({ step: z.number().int(), checks: z.array(Check).min(1) }),
});
export type RunVerified = EventOf<typeof RunVerified>;

export const endStatuses = ['completed', 'stopped', 'failed', 'limited', 'withdrawn'] as const;
export const EndStatus = z.enum(endStatuses);
export type EndStatus = z.infer<typeof EndStatus>;

export const RunCompleted = defineEvent({
  type: 'run.completed.v1',
  description:
    'The run is over. Once per run, its last event; `reason` is a sentence for people wherever the status is not completed.',
  data: z.object({ status: EndStatus, reason: z.string().optional(), failure: FailureRecord.optional() }),
});
export type RunCompleted = EventOf<typeof RunCompleted>;
