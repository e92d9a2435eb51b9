import { Injectable } from '@nestjs/common';
import {
  CallId,
  derivedId,
  type Envelope,
  type Failure,
  type GrantId,
  ToolCancelled,
  ToolFailed,
  ToolFinished,
  ToolUncertain,
} from '@skyflo/contracts';
import { Logger } from '@skyflo/service-kit';
import type { Tx } from '@skyflo/store';
import type { Ending } from '../domain/own-runs.ts';
import { type Call, Calls } from '../domain/ports.ts';
import { OwnRunEnds } from './own-run-ends.ts';

type Finished = Omit<ToolFinished['data'], 'callId'>;
type Uncertain = Omit<ToolUncertain['data'], 'callId'>;

/** The four ways a call ends here. Each says so once: whoever finds the call closed says nothing. */
@Injectable()
export class Closing {
  constructor(
    private readonly calls: Calls,
    private readonly logger: Logger,
    private readonly ownRuns: OwnRunEnds,
  ) {}

  async finish(tx: Tx, call: Call, data: Finished): Promise<void> {
    if (!(await this.calls.close(tx, call.callId))) return;
    await Promise.all([
      tx.emit(ToolFinished, { ...after(call, ToolFinished.type), data: { callId: idOf(call), ...data } }),
      this.ownRuns.end(tx, call.callId, { outcome: 'finished', ...told(data) }),
    ]);
  }

  async fail(
    tx: Tx,
    call: Call,
    failure: Failure,
    { durationMs, grantId }: { durationMs: number; grantId?: GrantId },
  ): Promise<void> {
    if (!(await this.calls.close(tx, call.callId))) return;
    this.noteMisfit(call, failure);
    const data = { callId: idOf(call), failure: failure.toRecord(), durationMs, ...(grantId ? { grantId } : {}) };
    await tx.emit(ToolFailed, { ...after(call, ToolFailed.type), data });
    const ending: Ending = { outcome: 'failed', failure: data.failure, ...(grantId ? { grantId } : {}) };
    await this.ownRuns.end(tx, call.callId, ending);
  }

  /** A leave that does not fit what it is used for should never happen: somebody may be trying. */
  private noteMisfit({ callId, runId, requested, passed }: Call, { code, message }: Failure): void {
    if (!/^Grant(Mismatch|Missing|Expired)$/.test(code)) return;
    const grantId = passed?.data.grant?.grantId;
    const tool = requested?.data.tool;
    const by = requested?.data.requestedBy.email;
    this.logger.warn('a leave of the gate did not fit', { code, callId, runId, tool, by, grantId, error: message });
  }

  async cancel(tx: Tx, call: Call, grantId?: GrantId): Promise<void> {
    if (!(await this.calls.close(tx, call.callId))) return;
    const reason = 'The run was stopped before this was done. Nothing was changed.';
    const data = { callId: idOf(call), reason, ...(grantId ? { grantId } : {}) };
    await tx.emit(ToolCancelled, { ...after(call, ToolCancelled.type), data });
    await this.ownRuns.end(tx, call.callId, { outcome: 'cancelled', reason });
  }

  async leaveUncertain(tx: Tx, call: Call, data: Uncertain): Promise<void> {
    if (!(await this.calls.close(tx, call.callId))) return;
    await tx.emit(ToolUncertain, { ...after(call, ToolUncertain.type), data: { callId: idOf(call), ...data } });
    await this.ownRuns.end(tx, call.callId, { outcome: 'uncertain', ...data });
  }
}

function told({
  text,
  truncated,
  facts,
  checks,
  undone,
  grantId,
}: Finished): Omit<Extract<Ending, { outcome: 'finished' }>, 'outcome'> {
  return {
    text,
    truncated,
    ...(facts ? { facts } : {}),
    ...(checks ? { checks } : {}),
    ...(undone ? { undone } : {}),
    ...(grantId ? { grantId } : {}),
  };
}

/** The address of an event about a call, with an id that a second try makes again. */
export function after(call: Call, type: string, cause: Envelope | undefined = causeOf(call)) {
  return {
    conversationId: call.conversationId,
    runId: call.runId,
    causationId: cause?.id,
    id: derivedId(cause?.id ?? call.callId, type),
  };
}

export function idOf(call: Call): CallId {
  return CallId.parse(call.callId);
}

function causeOf(call: Call): Envelope | undefined {
  return call.passed ?? call.planRequested ?? call.requested;
}
