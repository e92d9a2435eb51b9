import { Injectable } from '@nestjs/common';
import { DeadLetter, type Envelope, type LetterDied } from '@skyflo/contracts';
import { Store, type Tx } from '@skyflo/store';
import { DeadLetters } from '../domain/ports.ts';

type Row = {
  id: string;
  type: string;
  consumer: string;
  conversation_id: string | null;
  run_id: string | null;
  failure: unknown;
  failed_at: Date;
};

@Injectable()
export class PostgresDeadLetters extends DeadLetters {
  constructor(private readonly store: Store) {
    super();
  }

  async add(tx: Tx, id: string, letter: LetterDied['data']): Promise<void> {
    const { type, consumer, conversationId = null, runId = null, failure, failedAt } = letter;
    await tx.query(
      `insert into dead_letters (id, type, consumer, conversation_id, run_id, failure, failed_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
      [id, type, consumer, conversationId, runId, JSON.stringify(failure), failedAt],
    );
  }

  async close(tx: Tx, id: string): Promise<void> {
    await tx.query('update dead_letters set closed_at = now() where id = $1 and closed_at is null', [id]);
  }

  async list(limit: number): Promise<readonly DeadLetter[]> {
    const rows = await this.store.query<Row>(
      'select * from dead_letters where closed_at is null order by failed_at desc, id desc limit $1',
      [limit],
    );
    return rows.map(({ conversation_id: conversationId, run_id: runId, failed_at, ...row }) =>
      DeadLetter.parse({
        ...row,
        failedAt: failed_at.toISOString(),
        ...(conversationId === null ? {} : { conversationId }),
        ...(runId === null ? {} : { runId }),
      }),
    );
  }

  async find(id: string): Promise<{ letter: Envelope; closed: boolean } | undefined> {
    const [row] = await this.store.query<{ letter: Envelope; closed: boolean }>(
      `select e.envelope as letter, l.closed_at is not null as closed
       from dead_letters l join events e on e.id = l.id where l.id = $1`,
      [id],
    );
    return row;
  }
}
