import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Bus } from '@skyflo/bus';
import { DeadLetterList, EventId, FindDeadLetter, FindDeadLetters, RedriveAccepted } from '@skyflo/contracts';
import { Redrives } from '../domain/redrives.ts';
import { NeedsRole } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { HttpProblem, notFound } from './http-problem.ts';

const limit = 200;

@ApiTags('dead letters')
@Controller('dead-letters')
export class DeadLettersController {
  constructor(
    private readonly bus: Bus,
    private readonly redrives: Redrives,
  ) {}

  @NeedsRole('admin')
  @Get()
  @ApiOkResponse({ standardSchema: DeadLetterList })
  async list(): Promise<DeadLetterList> {
    return this.bus.ask(FindDeadLetters, { limit });
  }

  /** When it fails again there is a new letter. A request that is not answered within a minute may be made again. */
  @NeedsRole('admin')
  @Post(':id/redrive')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: RedriveAccepted })
  async redrive(
    @CurrentCaller() { person }: Caller,
    @Param('id', { schema: EventId }) id: EventId,
  ): Promise<RedriveAccepted> {
    const { letter, closed } = await this.bus.ask(FindDeadLetter, { letterId: id });
    if (!letter) throw notFound('dead letter');
    if (closed) throw new HttpProblem(409, 'RedriveRepeated', 'This dead letter has been redriven already.');
    if (!(await this.redrives.request(id, letter, person)))
      throw new HttpProblem(
        409,
        'RedriveRepeated',
        'This dead letter is being redriven. If it fails again, a new one appears in the list; if nothing happens within a minute, ask again.',
      );
    return { id };
  }
}
