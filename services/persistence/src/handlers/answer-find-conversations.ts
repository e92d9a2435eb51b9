import { Controller } from '@nestjs/common';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, FindConversations } from '@skyflo/contracts';
import { Conversations } from '../domain/ports.ts';

@Controller()
export class AnswerFindConversations {
  constructor(private readonly conversations: Conversations) {}

  @Answers(FindConversations)
  async handle({ owner, limit }: AskedOf<typeof FindConversations>): Promise<AnswerOf<typeof FindConversations>> {
    return { items: [...(await this.conversations.list({ owner, limit }))] };
  }
}
