import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Bus } from '@skyflo/bus';
import {
  ConversationCreatedAnswer,
  ConversationId,
  ConversationList,
  ConversationView,
  FindConversation,
  FindConversations,
  hasRole,
  NewConversation,
} from '@skyflo/contracts';
import { z } from 'zod';
import { ConversationAccess } from '../domain/conversation-access.ts';
import { emptyConversation, mergeSummaries } from '../domain/conversation-view.ts';
import { toCursor } from '../domain/cursor.ts';
import { NeedsRole } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { VisibleConversations } from './visible-conversations.ts';

const limit = 200;
/** `all` shows admins everybody's conversations; for others it changes nothing. */
const ListQuery = z.object({ all: z.stringbool().default(false) });
type ListQuery = z.infer<typeof ListQuery>;

@ApiTags('conversations')
@Controller('conversations')
export class ConversationsController {
  constructor(
    private readonly access: ConversationAccess,
    private readonly visible: VisibleConversations,
    private readonly bus: Bus,
  ) {}

  @NeedsRole('operator')
  @Post()
  @ApiCreatedResponse({ standardSchema: ConversationCreatedAnswer })
  async create(
    @CurrentCaller() { person }: Caller,
    @Body({ schema: NewConversation }) { title }: NewConversation,
  ): Promise<{ id: ConversationId }> {
    return { id: await this.access.open({ owner: person, title }) };
  }

  @Get()
  @ApiOkResponse({ standardSchema: ConversationList })
  async list(
    @CurrentCaller() { person }: Caller,
    @Query({ schema: ListQuery }) { all }: ListQuery,
  ): Promise<ConversationList> {
    const of = all && hasRole(person.roles, 'admin') ? { limit } : { owner: person.id, limit };
    const [recorded, opened] = await Promise.all([this.bus.ask(FindConversations, of), this.access.list(of)]);
    return { items: mergeSummaries(recorded.items, opened, limit) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: ConversationView })
  async one(
    @CurrentCaller() { person }: Caller,
    @Param('id', { schema: ConversationId }) id: ConversationId,
  ): Promise<ConversationView> {
    const owned = await this.visible.find(person, id);
    const [recorded, { incarnation }] = await Promise.all([
      this.bus.ask(FindConversation, { conversationId: id }),
      this.bus.streamState('RUNS'),
    ]);
    const cursor = toCursor({ incarnation, sequence: recorded.streamSequence });
    return { ...(recorded.conversation ?? emptyConversation(owned)), cursor };
  }
}
