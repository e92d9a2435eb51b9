import { Controller } from '@nestjs/common';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, FindApprovals } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Approvals } from '../domain/ports.ts';

@Controller()
export class AnswerFindApprovals {
  constructor(
    private readonly approvals: Approvals,
    private readonly clock: Clock,
  ) {}

  @Answers(FindApprovals)
  async handle(asked: AskedOf<typeof FindApprovals>): Promise<AnswerOf<typeof FindApprovals>> {
    return { items: [...(await this.approvals.pending(this.clock.now(), asked.requestedBy))] };
  }
}
