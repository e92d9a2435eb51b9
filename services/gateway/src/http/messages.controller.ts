import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiTags } from '@nestjs/swagger';
import { ConversationId, NewMessage, RunAccepted } from '@skyflo/contracts';
import { mayPost } from '../domain/access.ts';
import { ConversationAccess } from '../domain/conversation-access.ts';
import { NeedsRole } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { forbidden, HttpProblem, invalid, sessionEnded } from './http-problem.ts';
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
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Any 1 to 255 visible ASCII characters. Sent again with the same key, a message makes no second run.',
  })
  async post(
    @CurrentCaller() { person }: Caller,
    @Param('id', { schema: ConversationId }) id: ConversationId,
    @Body({ schema: NewMessage }) { content }: NewMessage,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RunAccepted> {
    const conversation = await this.visible.find(person, id);
    if (!mayPost(person, conversation)) throw forbidden('NotOwner', 'Only its owner posts in a conversation.');
    assertKey(key);
    const runId = await this.access.requestRun(id, { content, key }, person);
    if (runId === 'ended') throw sessionEnded();
    if (runId === 'other-content')
      throw new HttpProblem(
        422,
        'IdempotencyKeyReused',
        'This Idempotency-Key was sent with another message: give each message a key of its own.',
      );
    return { runId };
  }
}

/** The answers are those of draft-ietf-httpapi-idempotency-key-header; the key is any text that fits a header. */
function assertKey(key: string | undefined): void {
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key))
    throw invalid({ field: 'header.Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' });
}
