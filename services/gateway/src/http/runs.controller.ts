import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiTags } from '@nestjs/swagger';
import { Bus } from '@skyflo/bus';
import { Problem, RunAccepted, RunId, SendRunNow, WithdrawRun } from '@skyflo/contracts';
import { mayPost } from '../domain/access.ts';
import { ConversationAccess } from '../domain/conversation-access.ts';
import { NeedsRole } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { forbidden } from './http-problem.ts';
import { assertTaken, notQueued } from './queue-problem.ts';
import { VisibleConversations } from './visible-conversations.ts';

@ApiTags('conversations')
@Controller('runs/:runId')
export class RunsController {
  constructor(
    private readonly access: ConversationAccess,
    private readonly visible: VisibleConversations,
    private readonly bus: Bus,
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

  /** Takes a queued message back. Once it is worked on that is too late, and 409 says so. */
  @Post('withdraw')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: RunAccepted })
  @ApiConflictResponse({ standardSchema: Problem })
  async withdraw(
    @CurrentCaller() { person }: Caller,
    @Param('runId', { schema: RunId }) runId: RunId,
  ): Promise<RunAccepted> {
    const { id: conversationId } = await this.visible.findByRun(person, runId);
    await this.assertOfQueue(runId);
    assertTaken(await this.bus.ask(WithdrawRun, { conversationId, runId, by: person }));
    return { runId };
  }

  /** Has a queued message worked on next, before all others of its conversation; the run that works is stopped for it. */
  @NeedsRole('operator')
  @Post('send-now')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: RunAccepted })
  @ApiConflictResponse({ standardSchema: Problem })
  async sendNow(
    @CurrentCaller() { person }: Caller,
    @Param('runId', { schema: RunId }) runId: RunId,
  ): Promise<RunAccepted> {
    const conversation = await this.visible.findByRun(person, runId);
    if (!mayPost(person, conversation)) throw forbidden('NotOwner', 'Only its owner posts in a conversation.');
    await this.assertOfQueue(runId);
    assertTaken(await this.bus.ask(SendRunNow, { conversationId: conversation.id, runId, by: person }));
    return { runId };
  }

  private async assertOfQueue(runId: RunId): Promise<void> {
    if (await this.access.isElsewhere(runId)) throw notQueued('An agent’s call is never queued; it can be stopped.');
  }
}
