import { Controller } from '@nestjs/common';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, FindDeadLetters } from '@skyflo/contracts';
import { DeadLetters } from '../domain/ports.ts';

@Controller()
export class AnswerFindDeadLetters {
  constructor(private readonly letters: DeadLetters) {}

  @Answers(FindDeadLetters)
  async handle({ limit }: AskedOf<typeof FindDeadLetters>): Promise<AnswerOf<typeof FindDeadLetters>> {
    return { items: [...(await this.letters.list(limit))] };
  }
}
