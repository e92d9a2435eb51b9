import { z } from 'zod';
import { defineQuestion } from './define.ts';
import { ApprovalRequest, Decision } from './events/approval.ts';
import { ToolClass } from './events/tool.ts';
import { Envelope } from './envelope.ts';
import { FailureRecord } from './failure.ts';
import { Conversation, ConversationSummary } from './fold/state.ts';
import { CallId, ConversationId, EventId, PersonId, RunId } from './ids.ts';
import { Person, PersonRef } from './people.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const DecideApproval = defineQuestion({
  name: 'decide-approval.v1',
  description:
    'A person decides about one digest. The gate asks for the person’s present role afresh; the answer is final for this person and digest.',
  asked: z.object({
    callId: CallId,
    person: Person,
    decision: Decision,
    digest,
    reason: z.string().max(2_000).optional(),
  }),
  answer: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('accepted') }),
    z.object({ outcome: z.literal('repeated') }),
    z.object({ outcome: z.literal('conflict'), message: z.string(), currentDigest: digest.optional() }),
    z.object({ outcome: z.literal('expired'), message: z.string() }),
    z.object({ outcome: z.literal('forbidden'), message: z.string() }),
    z.object({ outcome: z.literal('unknown'), message: z.string() }),
  ]),
});

export const FindApprovals = defineQuestion({
  name: 'find-approvals.v1',
  description: 'Approvals that wait for a decision, oldest first; `requestedBy` keeps those one person asked for.',
  asked: z.object({ status: z.literal('pending'), requestedBy: PersonId.optional() }),
  answer: z.object({ items: z.array(ApprovalRequest) }),
});

export const FindConversation = defineQuestion({
  name: 'find-conversation.v1',
  description:
    'One conversation as folded so far, with the stream sequence it includes; null where nothing of it was recorded yet.',
  asked: z.object({ conversationId: ConversationId }),
  answer: z.object({
    conversation: Conversation.nullable(),
    streamSequence: z.number().int().min(0),
    /** Which stream the sequence counts in; left out where nothing was recorded yet. */
    incarnation: z.string().optional(),
  }),
});

export const FindConversations = defineQuestion({
  name: 'find-conversations.v1',
  description: 'Conversations of one owner, or of everybody where `owner` is left out (admins), newest first.',
  asked: z.object({ owner: PersonId.optional(), limit: z.number().int().min(1).max(200) }),
  answer: z.object({ items: z.array(ConversationSummary) }),
});

/** An event that one consumer could not work off, however often it tried; it waits until somebody sends it round again. */
export const DeadLetter = z.object({
  id: EventId,
  /** The type of the event that was not handled. */
  type: z.string(),
  consumer: z.string(),
  conversationId: ConversationId.optional(),
  runId: RunId.optional(),
  failure: FailureRecord,
  failedAt: z.iso.datetime(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const FindDeadLetters = defineQuestion({
  name: 'find-dead-letters.v1',
  description: 'Dead letters that nobody has redriven with success, newest first.',
  asked: z.object({ limit: z.number().int().min(1).max(200) }),
  answer: z.object({ items: z.array(DeadLetter) }),
});

export const FindDeadLetter = defineQuestion({
  name: 'find-dead-letter.v1',
  description: 'One dead letter as it was signed, and whether it is done with; null where there is none.',
  asked: z.object({ letterId: EventId }),
  answer: z.object({ letter: Envelope.nullable(), closed: z.boolean() }),
});

export const FindPeople = defineQuestion({
  name: 'find-people.v1',
  description: 'People as they are now: present roles, and whether they may still act. Unknown ids are left out.',
  asked: z.object({ ids: z.array(PersonId).max(100) }),
  answer: z.object({ people: z.array(Person.extend({ active: z.boolean() })) }),
});

export const FindQueue = defineQuestion({
  name: 'find-queue.v1',
  description:
    'The runs of a conversation that have not ended: the one that may call the model, and those that wait for their turn, the next one first.',
  asked: z.object({ conversationId: ConversationId }),
  answer: z.object({ turn: RunId.nullable(), queued: z.array(RunId) }),
});

/** The same for both: what is asked of a queued run, and the planner's final word on it. */
const askedOfQueue = z.object({ conversationId: ConversationId, runId: RunId, by: PersonRef });
export const QueueAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted') }),
  /** The same person had asked for it before. */
  z.object({ outcome: z.literal('repeated') }),
  z.object({ outcome: z.literal('conflict'), message: z.string() }),
]);
export type QueueAnswer = z.infer<typeof QueueAnswer>;

export const WithdrawRun = defineQuestion({
  name: 'withdraw-run.v1',
  description:
    'A person takes a queued message back. Accepted is final, also for a run the planner has yet to hear of: it is never worked on.',
  asked: askedOfQueue,
  answer: QueueAnswer,
});

export const SendRunNow = defineQuestion({
  name: 'send-run-now.v1',
  description: 'A person wants a queued run to be next, before all others, and the run that works to stop for it.',
  asked: askedOfQueue,
  answer: QueueAnswer,
});

export const ToolDescription = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  class: ToolClass,
  /** JSON Schema of the arguments. */
  inputSchema: z.record(z.string(), z.json()),
  /** One of the answer's toolsets; a tool without one is in every list. */
  toolset: z.string().optional(),
});
export type ToolDescription = z.infer<typeof ToolDescription>;

/** Tools that are shown to a model together. `shown`: in every list; else it is loaded with `loadToolset` when it is wanted. */
export const ToolsetDescription = z.object({ name: z.string(), summary: z.string(), shown: z.boolean() });
export type ToolsetDescription = z.infer<typeof ToolsetDescription>;

/** The tool by which a model, or an MCP client, has a toolset added to its list: `{"toolset": "helm"}`. */
export const loadToolset = 'toolset_load';

export const ClusterState = z.object({
  name: z.string(),
  state: z.enum(['preparing', 'ready', 'unreachable', 'none']),
  /** A sentence for people while it is not ready. */
  message: z.string().optional(),
  minutesLeft: z.number().min(0).optional(),
  guardLevel: z.union([z.literal(0), z.literal(1), z.literal(2)]),
});
export type ClusterState = z.infer<typeof ClusterState>;

export const FindTools = defineQuestion({
  name: 'find-tools.v1',
  description:
    'Every tool with its class, arguments and toolset, and the clusters they work on. The gate trusts this for a tool’s class, never the request.',
  asked: z.object({}),
  answer: z.object({
    tools: z.array(ToolDescription),
    toolsets: z.array(ToolsetDescription).optional(),
    clusters: z.array(ClusterState),
  }),
});
