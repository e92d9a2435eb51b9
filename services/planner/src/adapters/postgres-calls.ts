import { Injectable } from '@nestjs/common';
import type { Tx } from '@skyflo/store';
import { Calls } from '../domain/ports.ts';
import type { CallResult } from '../domain/run-view.ts';
import { toJsonb } from './to-jsonb.ts';

type Owner = { runId: string; conversationId: string };

@Injectable()
export class PostgresCalls extends Calls {
  async close(tx: Tx, callId: string, result: CallResult): Promise<Owner | undefined> {
    const [owner] = await tx.query<Owner>(
      `update calls c set result = $2, closed_at = now() from runs r
       where c.id = $1 and c.result is null and r.id = c.run_id
       returning r.id as "runId", r.conversation_id as "conversationId"`,
      [callId, toJsonb(result)],
    );
    return owner;
  }

  async waitForPerson(tx: Tx, callId: string): Promise<Owner | undefined> {
    const [owner] = await tx.query<Owner>(
      `update calls c set waiting_at = now() from runs r
       where c.id = $1 and c.result is null and c.waiting_at is null and r.id = c.run_id
       returning r.id as "runId", r.conversation_id as "conversationId"`,
      [callId],
    );
    return owner;
  }
}
