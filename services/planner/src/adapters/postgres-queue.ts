import { Injectable } from '@nestjs/common';
import type { PersonRef } from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';
import { Queue, Turns } from '../domain/ports.ts';
import type { QueuePlace } from '../domain/queue.ts';
import { toIso } from './to-iso.ts';
import { toJsonb } from './to-jsonb.ts';

const placeOf = `
  select
    case
      when r.id is null then 'unknown'
      when r.ended_at is not null then 'ended'
      when exists (select 1 from stop_requests q where q.run_id = r.id) then 'stopping'
      when r.started_at is not null or r.id = $3 then 'working'
      else 'queued'
    end as state,
    w.by as "withdrawnBy", m.by as "movedUpBy", ${toIso('m.at')} as "movedUpAt",
    (select ${toIso('max(o.at)')} from moves_up o join runs other on other.id = o.run_id
     where other.conversation_id = $1 and other.id <> $2 and other.ended_at is null) as "othersMovedUpAt"
  from (values ($2::uuid)) as asked (id)
  left join runs r on r.id = asked.id
  left join withdrawals w on w.run_id = asked.id
  left join moves_up m on m.run_id = asked.id`;

@Injectable()
export class PostgresQueue extends Queue {
  constructor(private readonly turns: Turns) {
    super();
  }

  async place(tx: Tx, { conversationId, runId }: { conversationId: string; runId: string }): Promise<QueuePlace> {
    // Whoever brings the run locks the same row, so either it is here, or it will find what is remembered for it.
    await tx.query('insert into turns (conversation_id) values ($1) on conflict do nothing', [conversationId]);
    const holder = await this.turns.lock(tx, conversationId);
    const [place] = await tx.query<QueuePlace>(placeOf, [conversationId, runId, holder]);
    if (!place) throw new Error('a select of one value has one row');
    return place;
  }

  async withdraw(tx: Tx, runId: string, by: PersonRef): Promise<void> {
    await tx.query('insert into withdrawals (run_id, by) values ($1, $2) on conflict (run_id) do nothing', [
      runId,
      toJsonb(by),
    ]);
  }

  async moveUp(tx: Tx, runId: string, { by, at }: { by: PersonRef; at: string }): Promise<void> {
    await tx.query(
      'insert into moves_up (run_id, by, at) values ($1, $2, $3) on conflict (run_id) do update set by = $2, at = $3',
      [runId, toJsonb(by), at],
    );
  }

  async end(tx: Tx, runId: string): Promise<boolean> {
    const ended = await tx.query(
      `update runs set ended_at = now(), end_status = 'withdrawn' where id = $1 and ended_at is null returning id`,
      [runId],
    );
    return ended.length > 0;
  }
}
