import { z } from 'zod';
import { defineDelta, defineEvent, type EventOf } from '../define.ts';
import { FailureRecord } from '../failure.ts';
import { Finding, maxFindings } from '../finding.ts';
import { CallId, GrantId } from '../ids.ts';
import { Person } from '../people.ts';
import { Plan } from '../plan.ts';
import { RolloutView } from '../rollout-view.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const args = z.record(z.string(), z.json());

/** What a tool may do at most; enforced below all tools on the resolved HTTP request. */
export const ToolClass = z.enum(['read', 'preview', 'connect', 'write']);
export type ToolClass = z.infer<typeof ToolClass>;

/** A read that shows whether a change took: the planner has it run after the write and compares by code. */
export const CheckRequest = z.object({
  tool: z.string(),
  args,
  expected: z.string(),
  /** Every named fact of that tool's answer must equal this; an empty object only needs the tool to succeed. */
  facts: z.record(z.string(), z.json()),
});
export type CheckRequest = z.infer<typeof CheckRequest>;

export const ToolRequested = defineEvent({
  type: 'tool.requested.v1',
  description:
    'The planner, or an MCP client through the tool-runner, wants a tool used. Once per call; the only event that carries arguments, and no leave to do anything.',
  data: z.object({
    callId: CallId,
    tool: z.string(),
    args,
    cluster: z.string().optional(),
    requestedBy: Person,
    /** `verification`: asked by the planner's code after a write, not by the model. */
    purpose: z.enum(['model', 'verification']),
    /**
     * True where the model had read text from the cluster before it proposed this; shown on the approval. What is behind an
     * MCP client may have read anything, so it is true there.
     */
    afterUntrustedText: z.boolean(),
  }),
});
export type ToolRequested = EventOf<typeof ToolRequested>;

export const ToolPlanRequested = defineEvent({
  type: 'tool.plan-requested.v1',
  description: 'The gate wants to know exactly what a write would send and change. Once per revision of a call.',
  data: z.object({
    callId: CallId,
    revision: z.number().int().min(1),
    grantId: GrantId,
    tool: z.string(),
    argsDigest: digest,
    cluster: z.string(),
  }),
});
export type ToolPlanRequested = EventOf<typeof ToolPlanRequested>;

export const ToolPlanned = defineEvent({
  type: 'tool.planned.v1',
  description: 'The plan of a write, made by reading and dry run; nothing has been changed. Once per revision.',
  data: z.object({ callId: CallId, revision: z.number().int().min(1), plan: Plan }),
});
export type ToolPlanned = EventOf<typeof ToolPlanned>;

export const ToolStarted = defineEvent({
  type: 'tool.started.v1',
  description:
    'The write-ahead of a granted write is committed and its first request is being sent. Writes only, once per grant.',
  data: z.object({ callId: CallId, grantId: GrantId }),
});
export type ToolStarted = EventOf<typeof ToolStarted>;

export const ToolProgressed = defineDelta({
  type: 'tool.progressed.v1',
  description:
    'How far a write has come that takes its time, such as a drain: one line that stands for the one before. `n` grows within the call; readers keep the highest. What it came to is in tool.finished.',
  data: z.object({ callId: CallId, n: z.number().int().min(1), text: z.string().max(500) }),
});
export type ToolProgressed = EventOf<typeof ToolProgressed>;

/** A part of an approved change that was not made, and why. */
export const Undone = z.object({ object: z.string(), why: z.string() });
export type Undone = z.infer<typeof Undone>;

export const ToolFinished = defineEvent({
  type: 'tool.finished.v1',
  description:
    'The tool did what was asked: a read with its answer, a write that is known to have happened, in part where it says what was not done. Closes the call.',
  data: z.object({
    callId: CallId,
    /** At most 64 KiB, head and tail; secrets masked. Untrusted: it holds what the cluster says. */
    text: z.string(),
    truncated: z.boolean(),
    /** Small named values for code to compare: counts, states, field values. */
    facts: z.record(z.string(), z.json()).optional(),
    /** Of a diagnosis: what `text` says, for a list to click on; no model is shown it a second time. */
    findings: z.array(Finding).max(maxFindings).optional(),
    /** Of a look at a progressive rollout: what `text` says, to be drawn as steps; no model is shown it a second time. */
    rollout: RolloutView.optional(),
    /** Writes only: what shows whether it took. */
    checks: z.array(CheckRequest).optional(),
    /** Writes of several objects: those that were not written, because one before them could not be. */
    undone: z.array(Undone).optional(),
    grantId: GrantId.optional(),
    durationMs: z.number().min(0),
  }),
});
export type ToolFinished = EventOf<typeof ToolFinished>;

export const ToolFailed = defineEvent({
  type: 'tool.failed.v1',
  description: 'The tool could not do it, and a write is known not to have happened. Closes the call.',
  data: z.object({
    callId: CallId,
    failure: FailureRecord,
    grantId: GrantId.optional(),
    durationMs: z.number().min(0),
  }),
});
export type ToolFailed = EventOf<typeof ToolFailed>;

export const ToolCancelled = defineEvent({
  type: 'tool.cancelled.v1',
  description: 'The call was stopped before it touched the cluster. Closes the call.',
  data: z.object({ callId: CallId, reason: z.string(), grantId: GrantId.optional() }),
});
export type ToolCancelled = EventOf<typeof ToolCancelled>;

export const ToolUncertain = defineEvent({
  type: 'tool.uncertain.v1',
  description:
    'A write was sent and nobody can tell whether it happened: what was sent, what the cluster shows, where to look next. Closes the call.',
  data: z.object({ callId: CallId, grantId: GrantId, sent: z.string(), seen: z.string(), next: z.string() }),
});
export type ToolUncertain = EventOf<typeof ToolUncertain>;
