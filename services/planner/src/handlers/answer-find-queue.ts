import { Controller } from '@nestjs/common';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, FindQueue, RunId } from '@skyflo/contracts';
import { Turns } from '../domain/ports.ts';
import { queued } from '../domain/turn.ts';

@Controller()
export class AnswerFindQueue {
  constructor(private readonly turns: Turns) {}

  @Answers(FindQueue)
  async handle({ conversationId }: AskedOf<typeof FindQueue>): Promise<AnswerOf<typeof FindQueue>> {
    const { holder, runs } = await this.turns.look(conversationId);
    return {
      turn: holder === null ? null : RunId.parse(holder),
      queued: queued(holder, runs).map(({ id }) => RunId.parse(id)),
    };
  }
}
