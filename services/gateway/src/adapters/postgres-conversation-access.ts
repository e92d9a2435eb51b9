import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  ConversationCreated,
  ConversationId,
  MessageId,
  newId,
  type Person,
  PersonId,
  type PersonRef,
  RunId,
  RunRequested,
  RunStopRequested,
} from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import { ConversationAccess, type OwnedConversation } from '../domain/conversation-access.ts';

type Row = {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly email: string;
  readonly created_at: Date;
};
const mcpTitle = 'Over MCP';
const forMcp = 'select id from conversation_access where owner = $1 and for_mcp';
const select =
  'select c.id, c.title, c.owner, p.email, c.created_at from conversation_access c join people p on p.id = c.owner';

@Injectable()
export class PostgresConversationAccess extends ConversationAccess {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    super();
  }

  override open({ owner, title }: { owner: PersonRef; title?: string | undefined }): Promise<ConversationId> {
    const id = ConversationId.parse(newId());
    return this.store.transaction(async (tx) => {
      await tx.query('insert into conversation_access (id, owner, title, created_at) values ($1, $2, $3, $4)', [
        id,
        owner.id,
        title ?? '',
        this.clock.now(),
      ]);
      const data = { owner: { id: owner.id, email: owner.email }, title };
      await tx.emit(ConversationCreated, { conversationId: id, data });
      return id;
    });
  }

  override async openForMcp(owner: PersonRef): Promise<ConversationId> {
    const kept = await this.store.query<{ id: string }>(forMcp, [owner.id]);
    return kept[0] ? ConversationId.parse(kept[0].id) : this.openFirstForMcp(owner);
  }

  private openFirstForMcp(owner: PersonRef): Promise<ConversationId> {
    const id = ConversationId.parse(newId());
    return this.store.transaction(async (tx) => {
      // Whoever comes second waits for the first, inserts nothing and then finds what the first has written.
      const made = await tx.query(
        `insert into conversation_access (id, owner, title, created_at, for_mcp) values ($1, $2, $3, $4, true)
         on conflict (owner) where for_mcp do nothing returning id`,
        [id, owner.id, mcpTitle, this.clock.now()],
      );
      if (made.length > 0) {
        const data = { owner: { id: owner.id, email: owner.email }, title: mcpTitle };
        await tx.emit(ConversationCreated, { conversationId: id, data });
        return id;
      }
      const [kept] = await tx.query<{ id: string }>(forMcp, [owner.id]);
      return ConversationId.parse(kept?.id);
    });
  }

  override async find(id: ConversationId): Promise<OwnedConversation | undefined> {
    const [row] = await this.store.query<Row>(`${select} where c.id = $1`, [id]);
    return row && toOwned(row);
  }

  override async list({ owner, limit }: { owner?: PersonId | undefined; limit: number }): Promise<OwnedConversation[]> {
    const rows = await (owner === undefined
      ? this.store.query<Row>(`${select} order by c.created_at desc limit $1`, [limit])
      : this.store.query<Row>(`${select} where c.owner = $1 order by c.created_at desc limit $2`, [owner, limit]));
    return rows.map(toOwned);
  }

  override requestRun(
    id: ConversationId,
    { content, key = null }: { readonly content: string; readonly key?: string | null | undefined },
    requestedBy: Person,
  ): Promise<RunId | 'ended' | 'other-content'> {
    const runId = RunId.parse(newId());
    const digest = key === null ? null : createHash('sha256').update(content).digest('hex');
    return this.store.transaction(async (tx) => {
      // Waits for a deactivation that is on its way: it either sees this run, or is seen here.
      const acting = await tx.query('select 1 from people where id = $1 and active for share', [requestedBy.id]);
      if (acting.length === 0) return 'ended';
      // Whoever comes second with a key waits for the first, inserts nothing and then finds what the first has written.
      const made = await tx.query(
        `insert into runs (id, conversation_id, created_at, message_key, message_digest) values ($1, $2, $3, $4, $5)
         on conflict (conversation_id, message_key) do nothing returning id`,
        [runId, id, this.clock.now(), key, digest],
      );
      if (made.length === 0) {
        const [before] = await tx.query<{ id: string; message_digest: string }>(
          'select id, message_digest from runs where conversation_id = $1 and message_key = $2',
          [id, key],
        );
        return before?.message_digest === digest ? RunId.parse(before?.id) : 'other-content';
      }
      const data = { messageId: MessageId.parse(newId()), content, requestedBy };
      await tx.emit(RunRequested, { conversationId: id, runId, data });
      return runId;
    });
  }

  override runRequested({ id, conversationId, by }: Parameters<ConversationAccess['runRequested']>[0]): Promise<void> {
    return this.store.transaction(async (tx) => {
      // As in requestRun: a deactivation either sees this run, or is seen here.
      const acting = await tx.query('select 1 from people where id = $1 and active for share', [by.id]);
      const stopped = acting.length === 0 ? this.clock.now() : null;
      const added = await tx.query(
        `insert into runs (id, conversation_id, created_at, stop_requested_at, elsewhere)
         select $1, c.id, $3, $4, true from conversation_access c where c.id = $2 on conflict (id) do nothing returning id`,
        [id, conversationId, this.clock.now(), stopped],
      );
      if (added.length === 0 || stopped === null) return;
      await tx.emit(RunStopRequested, { conversationId, runId: id, data: { by: { id: by.id, email: by.email } } });
    });
  }

  override async findByRun(id: RunId): Promise<OwnedConversation | undefined> {
    const [row] = await this.store.query<Row>(`${select} join runs r on r.conversation_id = c.id where r.id = $1`, [
      id,
    ]);
    return row && toOwned(row);
  }

  override async isElsewhere(id: RunId): Promise<boolean> {
    const rows = await this.store.query('select 1 from runs where id = $1 and elsewhere', [id]);
    return rows.length > 0;
  }

  override requestStop(conversationId: ConversationId, runId: RunId, by: PersonRef): Promise<void> {
    return this.store.transaction(async (tx) => {
      const first = await tx.query(
        'update runs set stop_requested_at = $2 where id = $1 and stop_requested_at is null returning id',
        [runId, this.clock.now()],
      );
      if (first.length === 0) return;
      await tx.emit(RunStopRequested, { conversationId, runId, data: { by: { id: by.id, email: by.email } } });
    });
  }

  override async runCompleted(runId: string, conversationId: string): Promise<void> {
    await this.store.query(
      `insert into runs (id, conversation_id, created_at, completed_at, elsewhere)
       select $1, c.id, $3, $3, true from conversation_access c where c.id = $2
       on conflict (id) do update set completed_at = coalesce(runs.completed_at, excluded.completed_at)`,
      [runId, conversationId, this.clock.now()],
    );
  }
}

function toOwned({ id, title, owner, email, created_at }: Row): OwnedConversation {
  return {
    id: ConversationId.parse(id),
    title,
    owner: { id: PersonId.parse(owner), email },
    createdAt: created_at,
  };
}
