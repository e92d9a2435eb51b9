import { Injectable } from '@nestjs/common';
import type { GatePassed, GateRefused, ToolPlanRequested, ToolRequested } from '@skyflo/contracts';
import { Store, type Tx } from '@skyflo/store';
import { type Call, Calls, type Due } from '../domain/ports.ts';

type Row = {
  call_id: string;
  conversation_id: string;
  run_id: string;
  requested: ToolRequested | null;
  plan_requested: ToolPlanRequested | null;
  passed: GatePassed | null;
  started_at: Date | null;
  due: Due | null;
};

const noteOf = {
  'tool.requested.v1': `
    insert into calls (call_id, conversation_id, run_id, requested) values ($1, $2, $3, $4)
    on conflict (call_id) do update set requested = coalesce(calls.requested, excluded.requested) returning *`,
  'tool.plan-requested.v1': `
    insert into calls (call_id, conversation_id, run_id, plan_requested, plan_revision) values ($1, $2, $3, $4, $5)
    on conflict (call_id) do update set
      plan_requested = case when calls.plan_revision < $5 then excluded.plan_requested else calls.plan_requested end,
      plan_revision = greatest(calls.plan_revision, $5) returning *`,
  'gate.passed.v1': `
    insert into calls (call_id, conversation_id, run_id, passed) values ($1, $2, $3, $4)
    on conflict (call_id) do update set passed = coalesce(calls.passed, excluded.passed) returning *`,
};

@Injectable()
export class PostgresCalls extends Calls {
  constructor(private readonly store: Store) {
    super();
  }

  /** What came first stays: a repeated event changes nothing, and only a newer revision replaces what is to be planned. */
  async note(tx: Tx, event: ToolRequested | ToolPlanRequested | GatePassed): Promise<Call> {
    const revision = event.type === 'tool.plan-requested.v1' ? [event.data.revision] : [];
    const { conversationid = '', runid = '' } = event;
    const [row] = await tx.query<Row>(noteOf[event.type], [
      event.data.callId,
      conversationid,
      runid,
      JSON.stringify(event),
      ...revision,
    ]);
    if (!row) throw new Error('an insert that updates on conflict always gives its row');
    return toCall(row);
  }

  async noteRefusal(tx: Tx, { conversationid = '', runid = '', data: { callId } }: GateRefused): Promise<void> {
    await tx.query(
      `insert into calls (call_id, conversation_id, run_id, closed_at) values ($1, $2, $3, now())
       on conflict (call_id) do update set closed_at = coalesce(calls.closed_at, excluded.closed_at)`,
      [callId, conversationid, runid],
    );
  }

  async find(callId: string): Promise<Call | undefined> {
    const [row] = await this.store.query<Row>('select * from calls where call_id = $1', [callId]);
    return row && toCall(row);
  }

  async due(limit: number): Promise<readonly string[]> {
    const rows = await this.store.query<{ call_id: string }>(
      'select call_id from calls where due is not null order by created_at limit $1',
      [limit],
    );
    return rows.map((row) => row.call_id);
  }

  start(tx: Tx, callId: string): void {
    tx.send('update calls set started_at = coalesce(started_at, now()) where call_id = $1', [callId]);
  }

  async planned(tx: Tx, callId: string, revision: number): Promise<boolean> {
    const rows = await tx.query(
      `update calls set planned_revision = $2
       where call_id = $1 and closed_at is null and planned_revision < $2 returning call_id`,
      [callId, revision],
    );
    return rows.length > 0;
  }

  async close(tx: Tx, callId: string): Promise<boolean> {
    const rows = await tx.query(
      'update calls set closed_at = now() where call_id = $1 and closed_at is null returning call_id',
      [callId],
    );
    return rows.length > 0;
  }

  async stopRun(tx: Tx, runId: string): Promise<void> {
    await tx.query('insert into stopped_runs (run_id) values ($1) on conflict (run_id) do nothing', [runId]);
  }

  async isRunStopped(runId: string): Promise<boolean> {
    const rows = await this.store.query('select 1 from stopped_runs where run_id = $1', [runId]);
    return rows.length > 0;
  }

  async passedOf(tx: Tx, runId: string): Promise<readonly Call[]> {
    const rows = await tx.query<Row>(
      'select * from calls where run_id = $1 and closed_at is null and passed is not null order by call_id for update',
      [runId],
    );
    return rows.map(toCall);
  }
}

function toCall(row: Row): Call {
  return {
    callId: row.call_id,
    conversationId: row.conversation_id,
    runId: row.run_id,
    requested: row.requested ?? undefined,
    planRequested: row.plan_requested ?? undefined,
    passed: row.passed ?? undefined,
    startedAt: row.started_at ?? undefined,
    due: row.due ?? undefined,
  };
}
