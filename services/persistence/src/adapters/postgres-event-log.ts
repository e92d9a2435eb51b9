import { Injectable } from '@nestjs/common';
import type { StreamName } from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';
import { EventLog, type Position, type Recorded } from '../domain/ports.ts';

@Injectable()
export class PostgresEventLog extends EventLog {
  async append(tx: Tx, stream: StreamName, batch: readonly Recorded[]): Promise<readonly Recorded[]> {
    const rows = await tx.query<{ id: string }>(
      `insert into events (id, stream, stream_sequence, type, source, conversation_id, run_id, time, envelope)
       select e.envelope->>'id', $1, e.sequence, e.envelope->>'type', e.envelope->>'source', e.envelope->>'conversationid',
              e.envelope->>'runid', (e.envelope->>'time')::timestamptz, e.envelope
       from jsonb_to_recordset($2::jsonb) as e (sequence bigint, envelope jsonb)
       order by e.sequence
       on conflict (id) do nothing returning id`,
      [
        stream,
        JSON.stringify(batch.map(({ event, streamSequence }) => ({ sequence: streamSequence, envelope: event }))),
      ],
    );
    const added = new Set(rows.map((row) => row.id));
    return batch.filter(({ event }) => added.delete(event.id));
  }

  async advance(tx: Tx, stream: StreamName, position: Position): Promise<void> {
    await tx.query(
      `insert into positions (stream, incarnation, sequence) values ($1, $2, $3)
       on conflict (stream) do update set incarnation = excluded.incarnation,
         sequence = case when positions.incarnation = excluded.incarnation then greatest(positions.sequence, excluded.sequence)
                         else excluded.sequence end`,
      [stream, position.incarnation, position.sequence],
    );
  }
}
