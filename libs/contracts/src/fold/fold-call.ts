import type { AnyEvent } from '../catalog.ts';
import { assertNever } from '../json.ts';
import { type ApprovalState, type Call, type CallStatus, closedCallStatuses } from './state.ts';

type CallEvent = Extract<AnyEvent, { type: `tool.${string}` | `gate.${string}` | `approval.${string}` }>;

const order: readonly CallStatus[] = ['requested', 'planning', 'waiting', 'passed', 'started'];

/** One call, one event further. Final states stay; an earlier state that arrives late changes only what it brings along. */
export function foldCall(known: Call | undefined, event: CallEvent, place: { step: number; index: number }): Call {
  const call = known ?? unknownCall(event, place);
  const after = { ...call, ...change(call, event) };
  return closedCallStatuses.has(call.status) || isEarlier(after.status, call.status)
    ? { ...after, status: call.status }
    : after;
}

function unknownCall(event: CallEvent, place: { step: number; index: number }): Call {
  return {
    id: event.data.callId,
    ...place,
    tool: '',
    args: {},
    purpose: 'model',
    status: 'requested',
    requestedAt: event.time,
  };
}

function isEarlier(status: CallStatus, than: CallStatus): boolean {
  return !closedCallStatuses.has(status) && order.indexOf(status) < order.indexOf(than);
}

function change(call: Call, event: CallEvent): Partial<Call> {
  switch (event.type) {
    case 'tool.requested.v1': {
      const { tool, args, purpose } = event.data;
      return { tool, args, purpose, requestedAt: event.time };
    }
    case 'tool.plan-requested.v1':
    case 'tool.planned.v1':
      return { status: 'planning' };
    case 'approval.requested.v1':
      return { status: 'waiting', approval: { request: event.data, state: 'open' } };
    case 'approval.decided.v1':
      return decided(call, event);
    case 'approval.expired.v1':
      return closeApproval(call, 'expired', event.time);
    case 'approval.withdrawn.v1':
      return closeApproval(call, 'withdrawn', event.time);
    case 'gate.passed.v1':
      return {
        status: 'passed',
        startedAt: event.time,
        ...(event.data.grant ? { grantId: event.data.grant.grantId } : {}),
      };
    case 'gate.refused.v1': {
      const { callId: _callId, policy: _policy, ...refusal } = event.data;
      return { status: 'refused', endedAt: event.time, refusal, text: refusal.message };
    }
    case 'tool.started.v1':
      return { status: 'started', startedAt: event.time, grantId: event.data.grantId };
    case 'tool.progressed.v1': {
      const { n, text } = event.data;
      return n > (call.progress?.n ?? 0) ? { progress: { n, text } } : {};
    }
    case 'tool.finished.v1': {
      const { text, truncated, findings, undone, rollout, durationMs } = event.data;
      const more = {
        ...(findings === undefined ? {} : { findings }),
        ...(undone === undefined ? {} : { undone }),
        ...(rollout === undefined ? {} : { rollout }),
      };
      return { status: 'finished', endedAt: event.time, text, truncated, ...more, durationMs };
    }
    case 'tool.failed.v1': {
      const { failure, durationMs } = event.data;
      return { status: 'failed', endedAt: event.time, failure, durationMs, text: failure.message };
    }
    case 'tool.cancelled.v1':
      return { status: 'cancelled', endedAt: event.time, text: event.data.reason };
    case 'tool.uncertain.v1': {
      const { sent, seen, next } = event.data;
      return { status: 'uncertain', endedAt: event.time, uncertain: { sent, seen, next }, text: seen };
    }
    default:
      return assertNever(event);
  }
}

function decided(call: Call, event: Extract<CallEvent, { type: 'approval.decided.v1' }>): Partial<Call> {
  if (!call.approval) return {};
  const { by, reason, decidedAt, decision } = event.data;
  const state = decision === 'approve' ? 'approved' : 'refused';
  return { approval: { ...call.approval, state, by, decidedAt, ...(reason === undefined ? {} : { reason }) } };
}

function closeApproval(call: Call, state: ApprovalState['state'], time: string): Partial<Call> {
  return call.approval ? { approval: { ...call.approval, state, decidedAt: time } } : {};
}
