import { Injectable } from '@nestjs/common';
import type { Person } from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';
import { Calls, type CallState, type GateCall } from '../domain/ports.ts';

type Row = {
  call_id: string;
  conversation_id: string;
  run_id: string;
  tool: string;
  cluster: string;
  args_digest: string;
  requested_by: Person;
  after_untrusted_text: boolean;
  state: CallState;
};

@Injectable()
export class PostgresCalls extends Calls {
  async add(tx: Tx, call: GateCall): Promise<boolean> {
    const rows = await tx.query(
      `insert into calls (call_id, conversation_id, run_id, tool, cluster, args_digest, requested_by, after_untrusted_text, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (call_id) do nothing returning call_id`,
      [
        call.callId,
        call.conversationId,
        call.runId,
        call.tool,
        call.cluster,
        call.argsDigest,
        JSON.stringify(call.requestedBy),
        call.afterUntrustedText,
        call.state,
      ],
    );
    return rows.length > 0;
  }

  async lock(tx: Tx, callId: string): Promise<GateCall | undefined> {
    const [row] = await tx.query<Row>('select * from calls where call_id = $1 for update', [callId]);
    return row && toCall(row);
  }

  move(tx: Tx, callId: string, state: CallState): void {
    tx.send('update calls set state = $2 where call_id = $1', [callId, state]);
  }

  async endRun(tx: Tx, runId: string): Promise<void> {
    await tx.query(
      'insert into ended_runs (run_id, ended) values ($1, true) on conflict (run_id) do update set ended = true',
      [runId],
    );
  }

  // The row is made where it is missing, because a lock needs something to hold: without it, an end of the run that commits
  // between this look and our commit would find no call to withdraw, and we no end.
  async isRunEnded(tx: Tx, runId: string): Promise<boolean> {
    tx.send('insert into ended_runs (run_id, ended) values ($1, false) on conflict (run_id) do nothing', [runId]);
    const [row] = await tx.query<{ ended: boolean }>('select ended from ended_runs where run_id = $1 for share', [
      runId,
    ]);
    return row?.ended ?? false;
  }

  async waitingOf(tx: Tx, runId: string): Promise<readonly GateCall[]> {
    const rows = await tx.query<Row>(
      `select * from calls where run_id = $1 and state = 'waiting' order by call_id for update`,
      [runId],
    );
    return rows.map(toCall);
  }
}

function toCall(row: Row): GateCall {
  return {
    callId: row.call_id,
    conversationId: row.conversation_id,
    runId: row.run_id,
    tool: row.tool,
    cluster: row.cluster,
    argsDigest: row.args_digest,
    requestedBy: row.requested_by,
    afterUntrustedText: row.after_untrusted_text,
    state: row.state,
  };
}
