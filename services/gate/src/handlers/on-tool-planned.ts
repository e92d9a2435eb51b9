import { Controller, Inject } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ApprovalRequested, GateRefused, type Notice, planDigest, ToolPlanned } from '@skyflo/contracts';
import { Clock, CONFIG } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import type { GateConfig } from '../config.ts';
import { planMismatch } from '../domain/plan-fits.ts';
import { writesNeedAnApprover } from '../domain/policies/writes-need-an-approver.ts';
import { Approvals, Calls, type GateCall } from '../domain/ports.ts';
import { after } from './emission.ts';

/** The plan of a write is there: ask a person, unless the run has ended or the plan is about something else. */
@Controller()
export class OnToolPlanned {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GateConfig,
  ) {}

  @OnEvent(ToolPlanned)
  async handle(event: ToolPlanned): Promise<void> {
    const { callId, revision, plan } = event.data;
    await this.store.transaction(async (tx) => {
      const [ended, call] = await Promise.all([
        this.calls.isRunEnded(tx, event.runid ?? ''),
        this.calls.lock(tx, callId),
      ]);
      if (call?.state !== 'planning') return;
      const mismatch = planMismatch(call, revision, plan);
      if (ended || mismatch !== undefined) {
        this.calls.move(tx, callId, 'refused');
        await tx.emit(GateRefused, { ...after(event, GateRefused), data: { callId, ...refusal(mismatch) } });
        return;
      }
      const request = this.toRequest(call, event);
      this.approvals.open(tx, request);
      this.calls.move(tx, callId, 'waiting');
      await tx.emit(ApprovalRequested, { ...after(event, ApprovalRequested), data: request });
    });
  }

  private toRequest(call: GateCall, event: ToolPlanned): ApprovalRequested['data'] {
    const { callId, revision, plan } = event.data;
    const now = this.clock.now();
    return {
      callId,
      revision,
      digest: planDigest(plan),
      runId: call.runId as ApprovalRequested['data']['runId'],
      conversationId: call.conversationId as ApprovalRequested['data']['conversationId'],
      plan,
      requestedBy: { id: call.requestedBy.id, email: call.requestedBy.email },
      requestedAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + this.config.approvalExpiresSeconds * 1000).toISOString(),
      needed: writesNeedAnApprover.approvals,
      policy: { name: writesNeedAnApprover.policy, message: writesNeedAnApprover.message },
      notices: notices(call),
    };
  }
}

function refusal(mismatch: string | undefined) {
  return mismatch === undefined
    ? ({ why: 'withdrawn', message: 'The run had ended before a person was asked. Nothing was changed.' } as const)
    : ({
        why: 'policy',
        policy: 'planFitsItsCall',
        message: `The plan does not fit its call: ${mismatch}. Nothing was changed.`,
      } as const);
}

function notices(call: GateCall): Notice[] {
  return call.afterUntrustedText
    ? [{ code: 'UntrustedTextRead', message: 'The model had read text from the cluster before it proposed this.' }]
    : [];
}
