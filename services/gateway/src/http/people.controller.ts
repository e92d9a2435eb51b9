import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { NewPerson, PersonChange, PersonId, PersonList, PersonNow, User } from '@skyflo/contracts';
import { People } from '../domain/people.ts';
import { NeedsRole } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { EventStreams } from './event-streams.ts';
import { forbidden, HttpProblem, notFound } from './http-problem.ts';
import { Newcomers } from './newcomers.ts';

@ApiTags('people')
@Controller('people')
export class PeopleController {
  constructor(
    private readonly people: People,
    private readonly newcomers: Newcomers,
    private readonly streams: EventStreams,
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

  @NeedsRole('admin')
  @Get()
  @ApiOkResponse({ standardSchema: PersonList })
  async list(): Promise<PersonList> {
    const people = await this.people.list();
    return { items: people.map((person) => ({ ...person, createdAt: person.createdAt.toISOString() })) };
  }

  @NeedsRole('admin')
  @Patch(':id')
  @ApiOkResponse({ standardSchema: PersonNow })
  async change(
    @CurrentCaller() { person: { id: byId, email } }: Caller,
    @Param('id', { schema: PersonId }) id: PersonId,
    @Body({ schema: PersonChange }) wanted: PersonChange,
  ): Promise<PersonNow> {
    const changed = await this.people.change({ id, wanted, by: { id: byId, email } });
    if (changed === 'unknown') throw notFound('person');
    if (changed === 'not-an-admin') throw forbidden('RoleMissing', 'This needs the role admin.');
    if (changed === 'last-admin')
      throw new HttpProblem(
        409,
        'LastAdmin',
        'Nobody could manage this installation then: make somebody else admin first.',
      );
    this.streams.checkReadersOf(id);
    return changed;
  }
}
