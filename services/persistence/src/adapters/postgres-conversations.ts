import { Injectable } from '@nestjs/common';
import type { Conversation, ConversationSummary, Message, PersonRef, Run, RunStatus } from '@skyflo/contracts';
import { Store, type Tx } from '@skyflo/store';
import { Conversations, type Position } from '../domain/ports.ts';

type Head = { id: string; title: string; owner: PersonRef | null; created_at: Date };
type Whole = Head & { messages: Message[]; runs: Run[]; incarnation: string | null; sequence: string | null };

@Injectable()
export class PostgresConversations extends Conversations {
  constructor(private readonly store: Store) {
    super();
  }

  async loadForFold(tx: Tx, id: string, runIds: readonly string[]): Promise<Conversation | undefined> {
    const [head] = await tx.query<Head>('select id, title, owner, created_at from conversations where id = $1', [id]);
    if (!head) return undefined;
    const runs = await tx.query<{ run: Run }>('select run from runs where id = any($1) order by n', [runIds]);
    return toConversation(
      head,
      [],
      runs.map((row) => row.run),
    );
  }

  async save(tx: Tx, { id, title, owner, createdAt, messages, runs }: Conversation): Promise<void> {
    await tx.query(
      `insert into conversations (id, owner_id, owner, title, created_at) values ($1, $2, $3, $4, $5)
       on conflict (id) do update
       set owner_id = excluded.owner_id, owner = excluded.owner, title = excluded.title, created_at = excluded.created_at`,
      [id, owner?.id ?? null, owner ? JSON.stringify(owner) : null, title, createdAt],
    );
    for (const message of messages) {
      await tx.query(
        'insert into messages (id, conversation_id, message) values ($1, $2, $3) on conflict (id) do nothing',
        [message.id, id, JSON.stringify(message)],
      );
    }
    for (const run of runs) {
      await tx.query(
        `insert into runs (id, conversation_id, status, run) values ($1, $2, $3, $4)
         on conflict (id) do update set status = excluded.status, run = excluded.run`,
        [run.id, id, run.status, JSON.stringify(run)],
      );
    }
  }

  async find(id: string): Promise<{ conversation: Conversation | undefined; position: Position | undefined }> {
    // One statement is one snapshot: the position is that of exactly these rows, or the stream would skip or repeat an event.
    const [row] = await this.store.query<Whole>(
      `select c.id, c.title, c.owner, c.created_at, p.incarnation, p.sequence,
         coalesce((select jsonb_agg(m.message order by m.n) from messages m where m.conversation_id = c.id), '[]') as messages,
         coalesce((select jsonb_agg(r.run order by r.n) from runs r where r.conversation_id = c.id), '[]') as runs
       from (select 1) one left join conversations c on c.id = $1 left join positions p on p.stream = 'RUNS'`,
      [id],
    );
    const position =
      row?.incarnation && row.sequence !== null
        ? { incarnation: row.incarnation, sequence: Number(row.sequence) }
        : undefined;
    return { conversation: row?.id ? toConversation(row, row.messages, row.runs) : undefined, position };
  }

  async list({ owner, limit }: { owner: string | undefined; limit: number }): Promise<readonly ConversationSummary[]> {
    const rows = await this.store.query<Head & { status: RunStatus | null }>(
      `select c.id, c.title, c.created_at, (select r.status from runs r where r.conversation_id = c.id order by r.n desc limit 1) as status
       from conversations c where $1::text is null or c.owner_id = $1 order by c.created_at desc, c.id desc limit $2`,
      [owner ?? null, limit],
    );
    return rows.map((row) => ({
      id: row.id as ConversationSummary['id'],
      title: row.title,
      createdAt: row.created_at.toISOString(),
      ...(row.status ? { status: row.status } : {}),
    }));
  }
}

function toConversation(head: Head, messages: Message[], runs: Run[]): Conversation {
  return {
    id: head.id as Conversation['id'],
    title: head.title,
    createdAt: head.created_at.toISOString(),
    ...(head.owner ? { owner: head.owner } : {}),
    messages,
    runs,
  };
}
