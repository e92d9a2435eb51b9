import { Injectable } from '@nestjs/common';
import { type ApprovalRequest, type Decision, type Person, type Plan, planDigest } from '@skyflo/contracts';
import { Store, type Tx } from '@skyflo/store';
import type { Approval } from '../domain/approval.ts';
import { Approvals } from '../domain/ports.ts';

type Row = { request: ApprovalRequest; state: Approval['state'] };
type DecisionRow = { person: Person; decision: Decision; digest: string };

@Injectable()
export class PostgresApprovals extends Approvals {
  constructor(private readonly store: Store) {
    super();
  }

  open(tx: Tx, request: ApprovalRequest): void {
    tx.send(
      `insert into approvals (call_id, revision, digest, request, requested_by, state, needed, expires_at) values ($1, $2, $3, $4, $5, 'open', $6, $7)`,
      [
        request.callId,
        request.revision,
        request.digest,
        JSON.stringify(request),
        request.requestedBy.id,
        request.needed,
        request.expiresAt,
      ],
    );
  }

  async lock(tx: Tx, callId: string): Promise<Approval | undefined> {
    const [[row], decisions] = await Promise.all([
      tx.query<Row>(
        'select request, state from approvals where call_id = $1 order by revision desc limit 1 for update',
        [callId],
      ),
      // A statement of its own, behind the lock: it sees what was decided while that one was waited for.
      tx.query<DecisionRow>(
        `select person, decision, digest from decisions
         where call_id = $1 and revision = (select max(revision) from approvals where call_id = $1) order by decided_at`,
        [callId],
      ),
    ]);
    if (!row) return undefined;
    const { revision, digest, plan, needed, expiresAt } = row.request;
    return { callId, revision, digest, plan, needed, state: row.state, expiresAt: new Date(expiresAt), decisions };
  }

  record(
    tx: Tx,
    approval: Approval,
    { person, decision, reason, at }: { person: Person; decision: Decision; reason?: string; at: Date },
  ): void {
    tx.send(
      `insert into decisions (call_id, revision, person_id, person, decision, digest, reason, decided_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        approval.callId,
        approval.revision,
        person.id,
        JSON.stringify(person),
        decision,
        approval.digest,
        reason ?? null,
        at,
      ],
    );
  }

  close(tx: Tx, approval: Approval, state: Exclude<Approval['state'], 'open'>): void {
    tx.send('update approvals set state = $3 where call_id = $1 and revision = $2', [
      approval.callId,
      approval.revision,
      state,
    ]);
  }

  async overdue(now: Date, limit: number): Promise<readonly string[]> {
    const rows = await this.store.query<{ call_id: string }>(
      `select call_id from approvals where state = 'open' and expires_at <= $1 order by expires_at limit $2`,
      [now, limit],
    );
    return rows.map((row) => row.call_id);
  }

  async pending(now: Date, requestedBy: string | undefined): Promise<readonly ApprovalRequest[]> {
    const rows = await this.store.query<Row>(
      `select request, state from approvals where state = 'open' and expires_at > $1 and ($2::text is null or requested_by = $2)
       order by expires_at, call_id`,
      [now, requestedBy ?? null],
    );
    return rows.map((row) => row.request);
  }

  async issue(tx: Tx, grantId: string, plan: Plan): Promise<boolean> {
    const rows = await tx.query(
      'insert into grants (grant_id, plan_digest) values ($1, $2) on conflict (grant_id) do nothing returning grant_id',
      [grantId, planDigest(plan)],
    );
    return rows.length > 0;
  }
}
