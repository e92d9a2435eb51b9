import type { AnyEvent } from '../catalog.ts';
import { fromCallId } from '../ids.ts';
import { foldCall } from './fold-call.ts';
import { foldStep } from './fold-step.ts';
import { type Conversation, closedCallStatuses, endedRunStatuses, type Run, type RunStatus } from './state.ts';

/** What the fold reads of an event: stored envelopes and public views alike. */
export type FoldableEvent = Pick<AnyEvent, 'id' | 'type' | 'time' | 'conversationid' | 'runid' | 'data'>;

/**
 * One event further. Pure; the browser and persistence share it. Events of one conversation come in stream order, but
 * services publish independently, so nothing relies on that: a state that is final stays, a repeated event changes nothing.
 * Returns the same object where nothing changed.
 */
export function foldConversation(state: Conversation | undefined, input: FoldableEvent): Conversation | undefined {
  const event = input as AnyEvent;
  if (isOutsideConversations(event)) return state;
  const conversation = state ?? emptyConversation(event);
  if (event.type === 'conversation.created.v1') {
    return {
      ...conversation,
      owner: event.data.owner,
      createdAt: event.time,
      title: event.data.title ?? conversation.title,
    };
  }
  if (event.type === 'run.requested.v1') return addMessage(conversation, event);
  const runId = event.runid;
  if (runId === undefined) return conversation;
  const before = conversation.runs.find((run) => run.id === runId) ?? emptyRun(event);
  const after = settleStatus(foldRun(before, event));
  const withRun = after === before ? conversation : { ...conversation, runs: upsert(conversation.runs, after) };
  return event.type === 'model.completed.v1' ? addAnswer(withRun, event) : withRun;
}

type EventOfType<T extends AnyEvent['type']> = Extract<AnyEvent, { type: T }>;
type OutsideConversations = EventOfType<
  | 'person.created.v1'
  | 'person.changed.v1'
  | 'person.deactivated.v1'
  | 'token.created.v1'
  | 'token.revoked.v1'
  | 'letter.died.v1'
  | 'letter.redrive-requested.v1'
  | 'letter.redriven.v1'
>;
type RunEvent = Exclude<AnyEvent, OutsideConversations | EventOfType<'conversation.created.v1' | 'run.requested.v1'>>;

function isOutsideConversations(event: AnyEvent): event is OutsideConversations {
  return ['person.', 'token.', 'letter.'].some((noun) => event.type.startsWith(noun));
}

function emptyConversation(event: FoldableEvent): Conversation {
  const id = (event.conversationid ?? '') as Conversation['id'];
  return { id, title: '', createdAt: event.time, messages: [], runs: [] };
}

function emptyRun(event: FoldableEvent): Run {
  const id = (event.runid ?? '') as Run['id'];
  return {
    id,
    status: 'queued',
    createdAt: event.time,
    steps: [],
    calls: [],
    verifications: [],
    usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
  };
}

function addMessage(conversation: Conversation, event: EventOfType<'run.requested.v1'>): Conversation {
  const { messageId, content, requestedBy } = event.data;
  if (conversation.messages.some((message) => message.id === messageId)) return conversation;
  const runId = event.runid as Run['id'];
  const run = conversation.runs.find((known) => known.id === runId) ?? emptyRun(event);
  return {
    ...conversation,
    title: conversation.title || titleFrom(content),
    messages: [...conversation.messages, { id: messageId, runId, role: 'user', content, createdAt: event.time }],
    runs: upsert(conversation.runs, {
      ...run,
      createdAt: event.time,
      requestedBy: { id: requestedBy.id, email: requestedBy.email },
    }),
  };
}

function addAnswer(conversation: Conversation, event: EventOfType<'model.completed.v1'>): Conversation {
  const id = event.id as Conversation['messages'][number]['id'];
  const { text, thinking } = event.data;
  if (text === '' || conversation.messages.some((message) => message.id === id)) return conversation;
  const answer = {
    id,
    runId: event.runid as Run['id'],
    role: 'assistant' as const,
    content: text,
    createdAt: event.time,
  };
  return { ...conversation, messages: [...conversation.messages, thinking === '' ? answer : { ...answer, thinking }] };
}

function foldRun(run: Run, event: RunEvent): Run {
  switch (event.type) {
    case 'run.started.v1':
      return run.startedAt ? run : { ...run, startedAt: event.time };
    case 'run.stop-requested.v1':
      return { ...run, stopRequested: true };
    case 'run.withdrawn.v1':
      return run.withdrawnBy ? run : { ...run, withdrawnBy: event.data.by };
    case 'run.moved-up.v1': {
      const { at } = event.data;
      return run.movedUpAt !== undefined && run.movedUpAt >= at ? run : { ...run, movedUpAt: at };
    }
    case 'run.verified.v1': {
      const { step, checks } = event.data;
      if (run.verifications.some((known) => known.step === step)) return run;
      return { ...run, verifications: [...run.verifications, { step, checks, verifiedAt: event.time }] };
    }
    case 'run.completed.v1':
      return endedRunStatuses.has(run.status) ? run : { ...run, ...event.data, endedAt: event.time };
    case 'model.started.v1':
    case 'model.delta.v1':
    case 'model.completed.v1':
    case 'model.retried.v1':
    case 'model.failed.v1':
      return foldStep(run, event);
    case 'tool.requested.v1':
    case 'tool.plan-requested.v1':
    case 'tool.planned.v1':
    case 'tool.started.v1':
    case 'tool.progressed.v1':
    case 'tool.finished.v1':
    case 'tool.failed.v1':
    case 'tool.cancelled.v1':
    case 'tool.uncertain.v1':
    case 'gate.passed.v1':
    case 'gate.refused.v1':
    case 'approval.requested.v1':
    case 'approval.decided.v1':
    case 'approval.expired.v1':
    case 'approval.withdrawn.v1': {
      const { step, index } = fromCallId(event.data.callId);
      const before = run.calls.find((call) => call.id === event.data.callId);
      const after = foldCall(before, event, { step, index });
      if (after === before) return run;
      return { ...run, calls: upsert(run.calls, after).toSorted((a, b) => a.step - b.step || a.index - b.index) };
    }
    default:
      // Types of a newer version of the system come here: they are kept in the record and change nothing that is shown.
      event satisfies never;
      return run;
  }
}

/** A run that has not ended waits when a person is all it waits for. */
function settleStatus(run: Run): Run {
  if (endedRunStatuses.has(run.status)) return run;
  const status = runStatus(run);
  return status === run.status ? run : { ...run, status };
}

function runStatus(run: Run): RunStatus {
  if (run.startedAt === undefined && run.steps.length === 0) return 'queued';
  const open = run.calls.filter((call) => !closedCallStatuses.has(call.status));
  return open.length > 0 && open.every((call) => call.status === 'waiting') ? 'waiting' : 'working';
}

function titleFrom(content: string): string {
  const line = content.trim().split('\n', 1)[0] ?? '';
  return line.length <= 60 ? line : `${line.slice(0, 57).trimEnd()}…`;
}

function upsert<T extends { readonly id: string }>(items: readonly T[], item: T): T[] {
  return items.some((known) => known.id === item.id)
    ? items.map((known) => (known.id === item.id ? item : known))
    : [...items, item];
}
