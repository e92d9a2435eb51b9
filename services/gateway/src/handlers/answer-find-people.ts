import { Controller } from '@nestjs/common';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, FindPeople } from '@skyflo/contracts';
import { People } from '../domain/people.ts';

@Controller()
export class AnswerFindPeople {
  constructor(private readonly people: People) {}

  @Answers(FindPeople)
  async handle(asked: AskedOf<typeof FindPeople>): Promise<AnswerOf<typeof FindPeople>> {
    return { people: await this.people.findMany(asked.ids) };
  }
}
