import { Controller } from '@nestjs/common';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, FindConversation } from '@skyflo/contracts';
import { Conversations } from '../domain/ports.ts';

@Controller()
export class AnswerFindConversation {
  constructor(private readonly conversations: Conversations) {}

  @Answers(FindConversation)
  async handle({ conversationId }: AskedOf<typeof FindConversation>): Promise<AnswerOf<typeof FindConversation>> {
    const { conversation, position } = await this.conversations.find(conversationId);
    return {
      conversation: conversation ?? null,
      streamSequence: position?.sequence ?? 0,
      ...(position ? { incarnation: position.incarnation } : {}),
    };
  }
}
