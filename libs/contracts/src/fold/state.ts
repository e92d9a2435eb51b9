import { z } from 'zod';
import { ApprovalRequest } from '../events/approval.ts';
import { Usage } from '../events/model.ts';
import { Check, endStatuses } from '../events/run.ts';
import { FailureRecord } from '../failure.ts';
import { Undone } from '../events/tool.ts';
import { Finding } from '../finding.ts';
import { CallId, ConversationId, MessageId, RunId } from '../ids.ts';
import { Person, PersonRef } from '../people.ts';
import { RolloutView } from '../rollout-view.ts';

const time = z.iso.datetime();

export const RunStatus = z.enum(['queued', 'working', 'waiting', ...endStatuses]);
export type RunStatus = z.infer<typeof RunStatus>;

/**
 * requested → planning → waiting → passed → started → finished | failed | cancelled | refused | uncertain.
 * Reads go from requested to passed; only the last five are final.
 */
export const CallStatus = z.enum([
  'requested',
  'planning',
  'waiting',
  'passed',
  'started',
  'finished',
  'failed',
  'cancelled',
  'refused',
  'uncertain',
]);
export type CallStatus = z.infer<typeof CallStatus>;

export const Message = z.object({
  id: MessageId,
  runId: RunId,
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  thinking: z.string().optional(),
  createdAt: time,
});
export type Message = z.infer<typeof Message>;

/** How the approval of a call stands: the request, and what became of it. */
export const ApprovalState = z.object({
  request: ApprovalRequest,
  state: z.enum(['open', 'approved', 'refused', 'expired', 'withdrawn']),
  by: Person.optional(),
  reason: z.string().optional(),
  decidedAt: time.optional(),
});
export type ApprovalState = z.infer<typeof ApprovalState>;

export const Call = z.object({
  id: CallId,
  step: z.number().int(),
  index: z.number().int(),
  tool: z.string(),
  args: z.record(z.string(), z.json()),
  purpose: z.enum(['model', 'verification']),
  status: CallStatus,
  requestedAt: time,
  startedAt: time.optional(),
  endedAt: time.optional(),
  durationMs: z.number().optional(),
  /** While it is carried out: how far it has come. */
  progress: z.object({ n: z.number().int(), text: z.string() }).optional(),
  /** The answer, or in plain words why there is none. */
  text: z.string().optional(),
  truncated: z.boolean().optional(),
  findings: z.array(Finding).optional(),
  /** What of an approved change was not made; the rest was. */
  undone: z.array(Undone).optional(),
  rollout: RolloutView.optional(),
  failure: FailureRecord.optional(),
  refusal: z
    .object({ why: z.string(), message: z.string(), by: PersonRef.optional(), reason: z.string().optional() })
    .optional(),
  uncertain: z.object({ sent: z.string(), seen: z.string(), next: z.string() }).optional(),
  approval: ApprovalState.optional(),
  grantId: z.string().optional(),
});
export type Call = z.infer<typeof Call>;

/** One answer of the model. While it streams, `text` and `thinking` grow from deltas; `completed` brings them whole. */
export const Step = z.object({
  step: z.number().int(),
  attempt: z.number().int(),
  state: z.enum(['streaming', 'retrying', 'completed', 'failed']),
  model: z.string().optional(),
  thinking: z.string(),
  text: z.string(),
  startedAt: time,
  thinkingEndedAt: time.optional(),
  endedAt: time.optional(),
  firstTokenMs: z.number().optional(),
  durationMs: z.number().optional(),
  retry: z.object({ failure: FailureRecord, afterMs: z.number() }).optional(),
});
export type Step = z.infer<typeof Step>;

export const Run = z.object({
  id: RunId,
  status: RunStatus,
  requestedBy: PersonRef.optional(),
  createdAt: time,
  startedAt: time.optional(),
  endedAt: time.optional(),
  stopRequested: z.boolean().optional(),
  /** A person wanted it to be next; of several the latest goes first. */
  movedUpAt: time.optional(),
  withdrawnBy: PersonRef.optional(),
  reason: z.string().optional(),
  failure: FailureRecord.optional(),
  steps: z.array(Step),
  calls: z.array(Call),
  verifications: z.array(z.object({ step: z.number().int(), checks: z.array(Check), verifiedAt: time })),
  usage: Usage,
});
export type Run = z.infer<typeof Run>;

export const Conversation = z.object({
  id: ConversationId,
  /** The given title, else the beginning of the first message. */
  title: z.string(),
  owner: PersonRef.optional(),
  createdAt: time,
  messages: z.array(Message),
  runs: z.array(Run),
});
export type Conversation = z.infer<typeof Conversation>;

export const ConversationSummary = z.object({
  id: ConversationId,
  title: z.string(),
  createdAt: time,
  /** The newest run's status, for the dot in lists. */
  status: RunStatus.optional(),
});
export type ConversationSummary = z.infer<typeof ConversationSummary>;

export const closedCallStatuses: ReadonlySet<CallStatus> = new Set([
  'finished',
  'failed',
  'cancelled',
  'refused',
  'uncertain',
]);
export const endedRunStatuses: ReadonlySet<RunStatus> = new Set(endStatuses);
