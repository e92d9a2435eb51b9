import { Inject, Injectable } from '@nestjs/common';
import {
  ApprovalDecided,
  ApprovalExpired,
  ApprovalWithdrawn,
  CallId,
  type Decision,
  type Envelope,
  Failure,
  GatePassed,
  GateRefused,
  grantIdOf,
  type Person,
} from '@skyflo/contracts';
import { Clock, CONFIG } from '@skyflo/service-kit';
import type { Tx } from '@skyflo/store';
import type { GateConfig } from '../config.ts';
import type { Approval } from '../domain/approval.ts';
import { writesNeedAnApprover } from '../domain/policies/writes-need-an-approver.ts';
import { Approvals, Calls, type GateCall } from '../domain/ports.ts';
import { about } from './emission.ts';

/** A call that waits for people, both rows locked: whoever holds this decides alone. */
export type Waiting = { readonly call: GateCall; readonly approval: Approval };
export type Vote = {
  readonly by: Person;
  readonly decision: Decision;
  readonly reason?: string | undefined;
  readonly evidence: Envelope;
};

/** The ways out of waiting. Each changes the rows and says so in the same transaction. */
@Injectable()
export class Closings {
  constructor(
    private readonly calls: Calls,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GateConfig,
  ) {}

  async lock(tx: Tx, callId: string): Promise<Waiting | undefined> {
    const [call, approval] = await Promise.all([this.calls.lock(tx, callId), this.approvals.lock(tx, callId)]);
    return call && approval ? { call, approval } : undefined;
  }

  async record(tx: Tx, { call, approval }: Waiting, vote: Vote): Promise<void> {
    const at = this.clock.now();
    const { by, decision, evidence } = vote;
    const reason = vote.reason === undefined ? {} : { reason: vote.reason };
    this.approvals.record(tx, approval, { person: by, decision, at, ...reason });
    await tx.emit(ApprovalDecided, {
      ...about(call, evidence.id),
      data: { ...ref(approval), decision, by, decidedAt: at.toISOString(), evidence, ...reason },
    });
  }

  /** Gives the grant: once per id, for this plan, for as long as the configuration says. */
  async approve(tx: Tx, { call, approval }: Waiting, last: Vote): Promise<void> {
    const { plan, callId, revision, digest } = approval;
    const grantId = grantIdOf(callId, revision);
    if (!(await this.approvals.issue(tx, grantId, plan)))
      throw Failure.terminal('GrantGivenBefore', `Grant ${grantId} was given before.`);
    const approvers = [
      ...approval.decisions.filter((past) => past.decision === 'approve').map((past) => past.person),
      last.by,
    ];
    this.approvals.close(tx, approval, 'approved');
    this.calls.move(tx, callId, 'passed');
    await tx.emit(GatePassed, {
      ...about(call, last.evidence.id),
      data: {
        callId: ref(approval).callId,
        tool: call.tool,
        class: 'write',
        argsDigest: call.argsDigest,
        cluster: call.cluster,
        expiresAt: new Date(this.clock.now().getTime() + this.config.grantExpiresSeconds * 1000).toISOString(),
        policy: writesNeedAnApprover.policy,
        grant: {
          grantId,
          planDigest: digest,
          targets: plan.requests.map(({ verb, object, subresource }) => ({
            verb,
            object,
            ...(subresource ? { subresource } : {}),
          })),
          approvers: approvers.map(({ id, email }) => ({ id, email })),
        },
      },
    });
  }

  async refuse(tx: Tx, waiting: Waiting, { by, reason, evidence }: Vote): Promise<void> {
    this.end(tx, waiting, 'refused');
    const said = reason ? `: “${reason}”` : '.';
    await tx.emit(GateRefused, {
      ...about(waiting.call, evidence.id),
      data: {
        callId: ref(waiting.approval).callId,
        why: 'person',
        message: `Refused by ${by.email}${said} Nothing was changed.`,
        by: { id: by.id, email: by.email },
        ...(reason ? { reason } : {}),
      },
    });
  }

  async expire(tx: Tx, waiting: Waiting): Promise<void> {
    this.end(tx, waiting, 'expired');
    void tx.emit(ApprovalExpired, { ...about(waiting.call), data: ref(waiting.approval) });
    const message = 'Nobody decided in time. Nothing was changed.';
    await tx.emit(GateRefused, {
      ...about(waiting.call),
      data: { callId: ref(waiting.approval).callId, why: 'expired', message },
    });
  }

  async withdraw(tx: Tx, waiting: Waiting, causeId: string): Promise<void> {
    this.end(tx, waiting, 'withdrawn');
    void tx.emit(ApprovalWithdrawn, { ...about(waiting.call, causeId), data: ref(waiting.approval) });
    const message = 'The run was stopped before a person decided. Nothing was changed.';
    await tx.emit(GateRefused, {
      ...about(waiting.call, causeId),
      data: { callId: ref(waiting.approval).callId, why: 'withdrawn', message },
    });
  }

  private end(tx: Tx, { call, approval }: Waiting, state: 'refused' | 'expired' | 'withdrawn'): void {
    this.approvals.close(tx, approval, state);
    this.calls.move(tx, call.callId, 'refused');
  }
}

function ref({ callId, revision, digest }: Approval) {
  return { callId: CallId.parse(callId), revision, digest };
}
