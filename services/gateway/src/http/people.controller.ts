import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { NewPerson, User } from '@skyflo/contracts';
import { People } from '../domain/people.ts';
import { NeedsRole } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { HttpProblem } from './http-problem.ts';
import { Newcomers } from './newcomers.ts';

@ApiTags('people')
@Controller('people')
export class PeopleController {
  constructor(
    private readonly people: People,
    private readonly newcomers: Newcomers,
  ) {}

  @NeedsRole('admin')
  @Post()
  @ApiCreatedResponse({ standardSchema: User })
  async create(@CurrentCaller() { person }: Caller, @Body({ schema: NewPerson }) wanted: NewPerson): Promise<User> {
    const newcomer = await this.newcomers.prepare(wanted, person);
    if (await this.people.add(newcomer)) return newcomer.person;
    throw new HttpProblem(409, 'EmailTaken', 'Somebody has this e-mail address already.', {
      errors: [{ field: '/email', message: 'is taken' }],
    });
  }
}
