import { Injectable } from '@nestjs/common';
import { Store, type Tx } from '@skyflo/store';
import { type Turn, Turns } from '../domain/ports.ts';
import { type QueuedRun, whoseTurn } from '../domain/turn.ts';
import { toIso } from './to-iso.ts';

const openRuns = `
  select r.id, r.started_at is not null as started,
    exists (select 1 from stop_requests q where q.run_id = r.id) as "stopRequested",
    (select count(*) from calls c where c.run_id = r.id and c.result is null)::int as "openCalls",
    (select count(*) from calls c where c.run_id = r.id and c.result is null and c.waiting_at is not null)::int as "waitingCalls",
    ${toIso('m.at')} as "movedUpAt", m.by as "movedUpBy", w.by as "withdrawnBy"
  from runs r
  left join moves_up m on m.run_id = r.id
  left join withdrawals w on w.run_id = r.id
  where r.conversation_id = $1 and r.ended_at is null`;

@Injectable()
export class PostgresTurns extends Turns {
  constructor(private readonly store: Store) {
    super();
  }

  async lock(tx: Tx, conversationId: string): Promise<string | null> {
    const [turn] = await tx.query<{ holder: string | null }>(
      'select run_id as holder from turns where conversation_id = $1 for update',
      [conversationId],
    );
    return turn?.holder ?? null;
  }

  async settle(tx: Tx, conversationId: string): Promise<Turn> {
    const [before, runs] = await Promise.all([
      this.lock(tx, conversationId),
      // A statement of its own, behind the lock: it sees what was committed while that one was waited for.
      tx.query<QueuedRun>(openRuns, [conversationId]),
    ]);
    const holder = whoseTurn(before, runs);
    if (holder !== before) tx.send('update turns set run_id = $2 where conversation_id = $1', [conversationId, holder]);
    return { holder, moved: holder !== before, find: (runId) => runs.find((run) => run.id === runId) };
  }

  async look(conversationId: string): Promise<{ holder: string | null; runs: readonly QueuedRun[] }> {
    const [[turn], runs] = await Promise.all([
      this.store.query<{ holder: string | null }>('select run_id as holder from turns where conversation_id = $1', [
        conversationId,
      ]),
      this.store.query<QueuedRun>(openRuns, [conversationId]),
    ]);
    return { holder: turn?.holder ?? null, runs };
  }
}
