import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { RunCompleted } from '@skyflo/contracts';
import { ConversationAccess } from '../domain/conversation-access.ts';

/** A run is over: nothing of it is left to stop. */
@Controller()
export class OnRunCompleted {
  constructor(private readonly access: ConversationAccess) {}

  @OnEvent(RunCompleted)
  async handle(event: RunCompleted): Promise<void> {
    await this.access.runCompleted(event.runid ?? '', event.conversationid ?? '');
  }
}
