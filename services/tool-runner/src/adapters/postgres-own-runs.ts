import { Injectable } from '@nestjs/common';
import type { CallId, ConversationId, PersonRef, RunId } from '@skyflo/contracts';
import { Store, type Tx } from '@skyflo/store';
import { type ClientRequest, type Ending, type OwnRun, OwnRuns } from '../domain/own-runs.ts';

type Row = { run_id: RunId; call_id: CallId; conversation_id: ConversationId; requested_by: PersonRef };
const columns = 'run_id, call_id, conversation_id, requested_by';

@Injectable()
export class PostgresOwnRuns extends OwnRuns {
  constructor(private readonly store: Store) {
    super();
  }

  async add(tx: Tx, run: Parameters<OwnRuns['add']>[1]): Promise<boolean> {
    const { runId, callId, conversationId, requestedBy, request, attendedForMs, loads = null } = run;
    const rows = await tx.query(
      `insert into own_runs (${columns}, client_id, request_id, attended_until, loads)
       values ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 millisecond', $8)
       on conflict do nothing returning run_id`,
      [
        runId,
        callId,
        conversationId,
        JSON.stringify(requestedBy),
        request.clientId,
        request.requestId,
        attendedForMs,
        loads,
      ],
    );
    return rows.length > 0;
  }

  async end(tx: Tx, callId: string, ending: Ending): Promise<OwnRun | undefined> {
    const [row] = await tx.query<Row>(
      `update own_runs set ending = $2, ended_at = now() where call_id = $1 and ended_at is null returning ${columns}`,
      [callId, JSON.stringify(ending)],
    );
    return row && toOwnRun(row);
  }

  async attend(runIds: readonly string[], forMs: number): Promise<readonly { runId: string; ending: Ending }[]> {
    if (runIds.length === 0) return [];
    const rows = await this.store.query<{ runId: string; ending: Ending | null }>(
      `update own_runs set attended_until = now() + $2 * interval '1 millisecond' where run_id = any($1)
       returning run_id as "runId", ending`,
      [runIds, forMs],
    );
    return rows.filter((row): row is { runId: string; ending: Ending } => row.ending !== null);
  }

  async leave(tx: Tx, runId: string): Promise<OwnRun | undefined> {
    const [row] = await tx.query<Row>(
      `update own_runs set left_at = now() where run_id = $1 and left_at is null and ended_at is null returning ${columns}`,
      [runId],
    );
    return row && toOwnRun(row);
  }

  async forsaken(limit: number): Promise<readonly string[]> {
    const rows = await this.store.query<{ id: string }>(
      `select run_id as id from own_runs
       where ended_at is null and left_at is null and attended_until < now() order by run_id limit $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }

  async findByRequest({ clientId, requestId }: ClientRequest): Promise<readonly string[]> {
    const rows = await this.store.query<{ id: string }>(
      `select run_id as id from own_runs
       where client_id = $1 and request_id = $2 and ended_at is null and left_at is null`,
      [clientId, requestId],
    );
    return rows.map(({ id }) => id);
  }

  async loadedBy(clientId: string): Promise<readonly string[]> {
    const rows = await this.store.query<{ toolset: string }>(
      `select distinct loads as toolset from own_runs
       where client_id = $1 and loads is not null and created_at > now() - interval '12 hours'
         and ending ->> 'outcome' = 'finished'`,
      [clientId],
    );
    return rows.map(({ toolset }) => toolset);
  }
}

function toOwnRun({ run_id, call_id, conversation_id, requested_by }: Row): OwnRun {
  return { runId: run_id, callId: call_id, conversationId: conversation_id, requestedBy: requested_by };
}
