import { Controller } from '@nestjs/common';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, FindDeadLetter } from '@skyflo/contracts';
import { DeadLetters } from '../domain/ports.ts';

@Controller()
export class AnswerFindDeadLetter {
  constructor(private readonly letters: DeadLetters) {}

  @Answers(FindDeadLetter)
  async handle({ letterId }: AskedOf<typeof FindDeadLetter>): Promise<AnswerOf<typeof FindDeadLetter>> {
    return (await this.letters.find(letterId)) ?? { letter: null, closed: false };
  }
}
