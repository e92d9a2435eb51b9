import { Controller } from '@nestjs/common';
import type { QuestionContext } from '@skyflo/bus';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, WithdrawRun } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { Queue } from '../domain/ports.ts';
import { decideWithdrawal } from '../domain/queue.ts';
import { Queueing } from './queueing.ts';

/** A message is taken back. The turn is given under the same lock, so of the two exactly one wins. */
@Controller()
export class AnswerWithdrawRun {
  constructor(
    private readonly store: Store,
    private readonly queue: Queue,
    private readonly queueing: Queueing,
  ) {}

  @Answers(WithdrawRun)
  async handle(
    { conversationId, runId, by }: AskedOf<typeof WithdrawRun>,
    { envelope }: QuestionContext,
  ): Promise<AnswerOf<typeof WithdrawRun>> {
    return this.store.transaction(
      async (tx) => {
        const answer = decideWithdrawal(await this.queue.place(tx, { conversationId, runId }), by);
        if (answer.outcome !== 'accepted') return answer;
        await this.queue.withdraw(tx, runId, by);
        await this.queueing.withdraw(tx, { conversationId, runId, causationId: envelope.id }, by);
        return answer;
      },
      { name: WithdrawRun.name },
    );
  }
}
