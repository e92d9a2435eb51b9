import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiTags } from '@nestjs/swagger';
import { RunAccepted, RunId } from '@skyflo/contracts';
import { ConversationAccess } from '../domain/conversation-access.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { VisibleConversations } from './visible-conversations.ts';

@ApiTags('conversations')
@Controller('runs/:runId')
export class RunsController {
  constructor(
    private readonly access: ConversationAccess,
    private readonly visible: VisibleConversations,
  ) {}

  /** Asking twice, or for a run that is over, is fine and changes nothing. */
  @Post('stop')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: RunAccepted })
  async stop(
    @CurrentCaller() { person }: Caller,
    @Param('runId', { schema: RunId }) runId: RunId,
  ): Promise<RunAccepted> {
    const conversation = await this.visible.findByRun(person, runId);
    await this.access.requestStop(conversation.id, runId, person);
    return { runId };
  }
}
