import { Injectable } from '@nestjs/common';
import {
  assertNever,
  type GatePassed,
  type GateRefused,
  type ToolPlanRequested,
  type ToolRequested,
} from '@skyflo/contracts';
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

@Injectable()
export class PostgresCalls extends Calls {
  constructor(private readonly store: Store) {
    super();
  }

  /** What came first stays: a repeated event changes nothing, and only a newer revision replaces what is to be planned. */
  async note(tx: Tx, event: ToolRequested | ToolPlanRequested | GatePassed | GateRefused): Promise<void> {
    const { callId } = event.data;
    await tx.query(
      'insert into calls (call_id, conversation_id, run_id) values ($1, $2, $3) on conflict (call_id) do nothing',
      [callId, event.conversationid ?? '', event.runid ?? ''],
    );
    switch (event.type) {
      case 'tool.requested.v1':
        await tx.query('update calls set requested = coalesce(requested, $2) where call_id = $1', [
          callId,
          text(event),
        ]);
        return;
      case 'tool.plan-requested.v1':
        await tx.query(
          'update calls set plan_requested = $2, plan_revision = $3 where call_id = $1 and plan_revision < $3',
          [callId, text(event), event.data.revision],
        );
        return;
      case 'gate.passed.v1':
        await tx.query('update calls set passed = coalesce(passed, $2) where call_id = $1', [callId, text(event)]);
        return;
      case 'gate.refused.v1':
        await this.close(tx, callId);
        return;
      default:
        assertNever(event);
    }
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

  async start(callId: string): Promise<void> {
    await this.store.query('update calls set started_at = coalesce(started_at, now()) where call_id = $1', [callId]);
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

function text(event: ToolRequested | ToolPlanRequested | GatePassed): string {
  return JSON.stringify(event);
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
