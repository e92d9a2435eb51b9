import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiTags } from '@nestjs/swagger';
import { ConversationId, NewMessage, RunAccepted } from '@skyflo/contracts';
import { mayPost } from '../domain/access.ts';
import { ConversationAccess } from '../domain/conversation-access.ts';
import { NeedsRole } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { forbidden, sessionEnded } from './http-problem.ts';
import { VisibleConversations } from './visible-conversations.ts';

@ApiTags('conversations')
@Controller('conversations/:id/messages')
export class MessagesController {
  constructor(
    private readonly access: ConversationAccess,
    private readonly visible: VisibleConversations,
  ) {}

  @NeedsRole('operator')
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: RunAccepted })
  async post(
    @CurrentCaller() { person }: Caller,
    @Param('id', { schema: ConversationId }) id: ConversationId,
    @Body({ schema: NewMessage }) { content }: NewMessage,
  ): Promise<RunAccepted> {
    const conversation = await this.visible.find(person, id);
    if (!mayPost(person, conversation)) throw forbidden('NotOwner', 'Only its owner posts in a conversation.');
    const runId = await this.access.requestRun(id, content, person);
    if (runId === undefined) throw sessionEnded();
    return { runId };
  }
}
