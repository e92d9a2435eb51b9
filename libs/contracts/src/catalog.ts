import type { EventDefinition, EventOf, QuestionDefinition } from './define.ts';
import { ApprovalDecided, ApprovalExpired, ApprovalRequested, ApprovalWithdrawn } from './events/approval.ts';
import { ConversationCreated } from './events/conversation.ts';
import { GatePassed, GateRefused } from './events/gate.ts';
import { LetterDied, LetterRedriven, LetterRedriveRequested } from './events/letter.ts';
import { ModelCompleted, ModelDelta, ModelFailed, ModelRetried, ModelStarted } from './events/model.ts';
import { PersonChanged, PersonCreated, PersonDeactivated } from './events/person.ts';
import {
  RunCompleted,
  RunMovedUp,
  RunRequested,
  RunStarted,
  RunStopRequested,
  RunVerified,
  RunWithdrawn,
} from './events/run.ts';
import { TokenCreated, TokenRevoked } from './events/token.ts';
import {
  ToolCancelled,
  ToolFailed,
  ToolFinished,
  ToolPlanned,
  ToolPlanRequested,
  ToolProgressed,
  ToolRequested,
  ToolStarted,
  ToolUncertain,
} from './events/tool.ts';
import {
  DecideApproval,
  FindApprovals,
  FindConversation,
  FindConversations,
  FindDeadLetter,
  FindDeadLetters,
  FindPeople,
  FindQueue,
  FindTools,
  SendRunNow,
  WithdrawRun,
} from './questions.ts';
import { services, type ServiceName } from './services.ts';

/**
 * Every sentence the system can say: who says it, who listens. Streams, durable consumers, permissions, boot checks and
 * `docs/events.md` are derived from this table. Persistence reads every stream whole, so it is not named as a listener.
 */
export const catalog = [
  { event: ConversationCreated, stream: 'RUNS', from: ['gateway'], to: [] },
  { event: PersonCreated, stream: 'ORG', from: ['gateway'], to: [] },
  { event: PersonChanged, stream: 'ORG', from: ['gateway'], to: [] },
  { event: PersonDeactivated, stream: 'ORG', from: ['gateway'], to: [] },
  { event: TokenCreated, stream: 'ORG', from: ['gateway'], to: [] },
  { event: TokenRevoked, stream: 'ORG', from: ['gateway'], to: [] },

  { event: RunRequested, stream: 'RUNS', from: ['gateway', 'tool-runner'], to: ['planner', 'gateway'] },
  { event: RunWithdrawn, stream: 'RUNS', from: ['planner'], to: [] },
  { event: RunMovedUp, stream: 'RUNS', from: ['planner'], to: [] },
  {
    event: RunStopRequested,
    stream: 'RUNS',
    from: ['gateway', 'planner', 'tool-runner'],
    to: ['planner', 'gate', 'tool-runner'],
  },
  { event: RunStarted, stream: 'RUNS', from: ['planner', 'tool-runner'], to: [] },
  { event: RunVerified, stream: 'RUNS', from: ['planner'], to: [] },
  { event: RunCompleted, stream: 'RUNS', from: ['planner', 'tool-runner'], to: ['gate', 'gateway', 'tool-runner'] },

  { event: ModelStarted, stream: 'RUNS', from: ['planner'], to: [] },
  { event: ModelDelta, stream: 'RUNS', from: ['planner'], to: [] },
  { event: ModelCompleted, stream: 'RUNS', from: ['planner'], to: [] },
  { event: ModelRetried, stream: 'RUNS', from: ['planner'], to: [] },
  { event: ModelFailed, stream: 'RUNS', from: ['planner'], to: [] },

  { event: ToolRequested, stream: 'RUNS', from: ['planner', 'tool-runner'], to: ['gate', 'tool-runner'] },
  { event: ToolPlanRequested, stream: 'RUNS', from: ['gate'], to: ['tool-runner'] },
  { event: ToolPlanned, stream: 'RUNS', from: ['tool-runner'], to: ['gate'] },
  { event: ToolStarted, stream: 'RUNS', from: ['tool-runner'], to: [] },
  { event: ToolProgressed, stream: 'RUNS', from: ['tool-runner'], to: [] },
  { event: ToolFinished, stream: 'RUNS', from: ['tool-runner'], to: ['planner'] },
  { event: ToolFailed, stream: 'RUNS', from: ['tool-runner'], to: ['planner', 'gate'] },
  { event: ToolCancelled, stream: 'RUNS', from: ['tool-runner'], to: ['planner'] },
  { event: ToolUncertain, stream: 'RUNS', from: ['tool-runner'], to: ['planner'] },

  { event: GatePassed, stream: 'RUNS', from: ['gate'], to: ['tool-runner'] },
  { event: GateRefused, stream: 'RUNS', from: ['gate'], to: ['planner', 'tool-runner'] },

  { event: ApprovalRequested, stream: 'RUNS', from: ['gate'], to: ['planner'] },
  { event: ApprovalDecided, stream: 'RUNS', from: ['gate'], to: [] },
  { event: ApprovalExpired, stream: 'RUNS', from: ['gate'], to: [] },
  { event: ApprovalWithdrawn, stream: 'RUNS', from: ['gate'], to: [] },

  { event: LetterDied, stream: 'DEAD', from: services, to: ['planner'] },
  { event: LetterRedriveRequested, stream: 'DEAD', from: ['gateway'], to: services },
  { event: LetterRedriven, stream: 'DEAD', from: services, to: [] },
] as const satisfies readonly CatalogEntry[];

/** Who answers a question (over `ask.<service>.<name>`), and who may ask it. */
export const questions = [
  { question: DecideApproval, answeredBy: 'gate', askedBy: ['gateway'] },
  { question: FindApprovals, answeredBy: 'gate', askedBy: ['gateway'] },
  { question: FindConversation, answeredBy: 'persistence', askedBy: ['gateway'] },
  { question: FindConversations, answeredBy: 'persistence', askedBy: ['gateway'] },
  { question: FindDeadLetter, answeredBy: 'persistence', askedBy: ['gateway'] },
  { question: FindDeadLetters, answeredBy: 'persistence', askedBy: ['gateway'] },
  { question: FindPeople, answeredBy: 'gateway', askedBy: ['gate'] },
  { question: FindQueue, answeredBy: 'planner', askedBy: ['gateway'] },
  { question: WithdrawRun, answeredBy: 'planner', askedBy: ['gateway'] },
  { question: SendRunNow, answeredBy: 'planner', askedBy: ['gateway'] },
  { question: FindTools, answeredBy: 'tool-runner', askedBy: ['gateway', 'planner', 'gate'] },
] as const satisfies readonly QuestionEntry[];

/** RUNS: conversations. ORG: people and what they set. DEAD: what a consumer could not handle; its own events never become letters. */
export const streams = ['RUNS', 'ORG', 'DEAD'] as const;
export type StreamName = (typeof streams)[number];

export type CatalogEntry = {
  readonly event: EventDefinition;
  readonly stream: StreamName;
  readonly from: readonly ServiceName[];
  readonly to: readonly ServiceName[];
};
export type QuestionEntry = {
  readonly question: QuestionDefinition;
  readonly answeredBy: ServiceName;
  readonly askedBy: readonly ServiceName[];
};

/** Any event or delta of the catalog, discriminated by `type`. */
export type AnyEvent = EventOf<(typeof catalog)[number]['event']>;

const entries: ReadonlyMap<string, CatalogEntry> = new Map(catalog.map((entry) => [entry.event.type, entry]));
const questionEntries: ReadonlyMap<string, QuestionEntry> = new Map(
  questions.map((entry) => [entry.question.name, entry]),
);

/** The catalog's row of an event type, or undefined where nobody says such a thing. */
export function entryOf(type: string): CatalogEntry | undefined {
  return entries.get(type);
}

export function questionEntryOf(name: string): QuestionEntry | undefined {
  return questionEntries.get(name);
}
