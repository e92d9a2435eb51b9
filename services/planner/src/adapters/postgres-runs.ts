import { Injectable } from '@nestjs/common';
import type { FailureRecord, PersonRef } from '@skyflo/contracts';
import { Store, type Tx } from '@skyflo/store';
import { type NewRun, Runs } from '../domain/ports.ts';
import type { PastRun, RunView } from '../domain/run-view.ts';
import { toJsonb, withoutNul } from './to-jsonb.ts';

/** More runs than fit any context. */
const historyRuns = 50;

const stepsOf = `
  coalesce((select json_agg(json_build_object('step', s.step, 'kind', s.kind, 'text', s.text, 'verified', s.verified_at is not null)
    order by s.step) from steps s where s.run_id = r.id), '[]'::json) as steps`;
const callsOf = (result: string): string => `
  coalesce((select json_agg(json_build_object('id', c.id, 'step', c.step, 'index', c.index, 'tool', c.tool, 'args', c.args,
    'verifies', c.verifies, 'waitingAt', c.waiting_at, 'closedAt', c.closed_at, 'result', ${result})
    order by c.step, c.index) from calls c where c.run_id = r.id), '[]'::json) as calls`;
/** Outputs are long and a view is read often: it keeps the first line of a check's, which says what was observed. */
const resultWithoutOutput = `
  case when c.verifies is not null and c.result ? 'text'
    then jsonb_set(c.result, '{text}', to_jsonb(split_part(c.result ->> 'text', e'\\n', 1)))
    else c.result - 'text' end`;

@Injectable()
export class PostgresRuns extends Runs {
  constructor(private readonly store: Store) {
    super();
  }

  async add(tx: Tx, run: NewRun): Promise<boolean> {
    const locked = lockTurn(tx, run.conversationId);
    const added = tx.query<{ ended: boolean }>(
      `insert into runs (id, conversation_id, cause_id, content, requested_by, failure, ended_at, end_status)
       select $1, $2::uuid, $3::text, $4::text, $5::jsonb, g.failure, g.at, case when g.run_id is null then null else 'failed' end
       from (select 1) one left join given_up_runs g on g.run_id = $1
       on conflict (id) do nothing returning ended_at is not null as ended`,
      [run.id, run.conversationId, run.causeId, withoutNul(run.content), toJsonb(run.requestedBy)],
    );
    const [, rows] = await Promise.all([locked, added]);
    return rows.some(({ ended }) => !ended);
  }

  async giveUp(
    tx: Tx,
    { id, conversationId, failure }: { id: string; conversationId: string; failure: FailureRecord },
  ): Promise<'open' | 'ended' | 'unknown'> {
    await lockTurn(tx, conversationId);
    const [run] = await tx.query<{ ended: boolean }>('select ended_at is not null as ended from runs where id = $1', [
      id,
    ]);
    if (run?.ended) return 'ended';
    if (!run) {
      const first = await tx.query(
        'insert into given_up_runs (run_id, failure) values ($1, $2) on conflict do nothing returning run_id',
        [id, toJsonb(failure)],
      );
      return first.length > 0 ? 'unknown' : 'ended';
    }
    await tx.query('update runs set failure = $2 where id = $1 and failure is null', [id, toJsonb(failure)]);
    await tx.query('update calls set result = $2, closed_at = now() where run_id = $1 and result is null', [
      id,
      toJsonb({ outcome: 'failed', failure }),
    ]);
    return 'open';
  }

  async requestStop(tx: Tx, runId: string, by: PersonRef): Promise<void> {
    await tx.query('insert into stop_requests (run_id, by) values ($1, $2) on conflict (run_id) do nothing', [
      runId,
      toJsonb(by),
    ]);
  }

  async conversationOf(tx: Tx, runId: string): Promise<string | undefined> {
    const [row] = await tx.query<{ id: string }>('select conversation_id as id from runs where id = $1', [runId]);
    return row?.id;
  }

  async view(runId: string): Promise<RunView | undefined> {
    const [view] = await this.store.query<RunView>(
      `select r.id, r.conversation_id as "conversationId", r.cause_id as "causeId", r.requested_by as "requestedBy",
         to_json(r.started_at) as "startedAt", r.failure, r.time_up as "timeUp", r.ended_at is not null as ended,
         q.by as "stopRequestedBy", coalesce(t.run_id = r.id, false) as "hasTurn",
         ${stepsOf}, ${callsOf(resultWithoutOutput)}
       from runs r
       left join turns t on t.conversation_id = r.conversation_id
       left join stop_requests q on q.run_id = r.id
       where r.id = $1`,
      [runId],
    );
    return view;
  }

  async history(run: { id: string; conversationId: string }): Promise<PastRun[]> {
    // Runs are told in the order in which they began: one that was moved up is not told of those it passed.
    const newestFirst = await this.store.query<PastRun>(
      `select r.id, r.content, r.end_status as "endStatus", ${stepsOf}, ${callsOf('c.result')}
       from runs r, (select started_at from runs where id = $2) as this
       where r.conversation_id = $1 and r.end_status is distinct from 'withdrawn'
         and (r.id = $2 or coalesce(r.started_at, r.ended_at) < coalesce(this.started_at, 'infinity'))
       order by r.id = $2 desc, coalesce(r.started_at, r.ended_at) desc, r.id desc limit ${historyRuns}`,
      [run.conversationId, run.id],
    );
    return newestFirst.toReversed();
  }

  async isStopRequested(runId: string): Promise<boolean> {
    const rows = await this.store.query('select 1 from stop_requests where run_id = $1', [runId]);
    return rows.length > 0;
  }

  forgotten(olderThanMs: number): Promise<{ id: string; ended: boolean }[]> {
    return this.store.query(
      `select r.id, false as ended from runs r
       where r.ended_at is null and r.created_at < now() - $1 * interval '1 millisecond'
         and not exists (select 1 from calls c where c.run_id = r.id and c.result is null)
         and (r.failure is not null
           or exists (select 1 from turns t where t.conversation_id = r.conversation_id and t.run_id = r.id)
           or exists (select 1 from stop_requests q where q.run_id = r.id))
       union all
       select r.id, true from runs r
       where r.ended_at < now() - $1 * interval '1 millisecond' and not r.thread_deleted
       limit 200`,
      [olderThanMs],
    );
  }

  async threadDeleted(runId: string): Promise<void> {
    await this.store.query('update runs set thread_deleted = true where id = $1', [runId]);
  }

  async countFault(runId: string): Promise<number> {
    const [row] = await this.store.query<{ faults: number }>(
      'update runs set faults = faults + 1 where id = $1 returning faults',
      [runId],
    );
    return row?.faults ?? 0;
  }

  async fail(runId: string, failure: FailureRecord): Promise<void> {
    await this.store.query('update runs set failure = $2 where id = $1 and failure is null', [runId, toJsonb(failure)]);
  }
}

/** Whoever adds a run and whoever gives it up before it came see each other's rows. */
async function lockTurn(tx: Tx, conversationId: string): Promise<void> {
  tx.send('insert into turns (conversation_id) values ($1) on conflict do nothing', [conversationId]);
  await tx.query('select 1 from turns where conversation_id = $1 for update', [conversationId]);
}
