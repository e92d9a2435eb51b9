import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ConversationId, RunId, RunRequested } from '@skyflo/contracts';
import { ConversationAccess } from '../domain/conversation-access.ts';

/** Runs that MCP clients began can be looked at and stopped here like those that were posted here, which are known already. */
@Controller()
export class OnRunRequested {
  constructor(private readonly access: ConversationAccess) {}

  @OnEvent(RunRequested)
  async handle(event: RunRequested): Promise<void> {
    if (event.source === 'gateway') return;
    const id = RunId.parse(event.runid);
    const conversationId = ConversationId.parse(event.conversationid);
    await this.access.runRequested({ id, conversationId, by: event.data.requestedBy });
  }
}
