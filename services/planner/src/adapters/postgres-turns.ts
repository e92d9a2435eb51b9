import { Injectable } from '@nestjs/common';
import type { Tx } from '@skyflo/store';
import { Turns } from '../domain/ports.ts';
import { type QueuedRun, whoseTurn } from '../domain/turn.ts';

@Injectable()
export class PostgresTurns extends Turns {
  async lock(tx: Tx, conversationId: string): Promise<string | null> {
    const [turn] = await tx.query<{ holder: string | null }>(
      'select run_id as holder from turns where conversation_id = $1 for update',
      [conversationId],
    );
    return turn?.holder ?? null;
  }

  async settle(
    tx: Tx,
    conversationId: string,
  ): Promise<{ holder: string | null; moved: boolean; openCallsOf(runId: string): number }> {
    const before = await this.lock(tx, conversationId);
    // A statement of its own, after the lock: it sees what was committed while we waited for it.
    const runs = await tx.query<QueuedRun>(
      `select r.id, exists (select 1 from stop_requests q where q.run_id = r.id) as "stopRequested",
         (select count(*) from calls c where c.run_id = r.id and c.result is null)::int as "openCalls",
         (select count(*) from calls c where c.run_id = r.id and c.result is null and c.waiting_at is not null)::int as "waitingCalls"
       from runs r where r.conversation_id = $1 and r.ended_at is null`,
      [conversationId],
    );
    const holder = whoseTurn(before, runs);
    if (holder !== before)
      await tx.query('update turns set run_id = $2 where conversation_id = $1', [conversationId, holder]);
    return {
      holder,
      moved: holder !== before,
      openCallsOf: (runId) => runs.find((run) => run.id === runId)?.openCalls ?? 0,
    };
  }
}
