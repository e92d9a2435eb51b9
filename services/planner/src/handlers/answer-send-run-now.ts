import { Controller } from '@nestjs/common';
import type { QuestionContext } from '@skyflo/bus';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, SendRunNow } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import { Queue } from '../domain/ports.ts';
import { decideMoveUp, movedUpAt } from '../domain/queue.ts';
import { Queueing } from './queueing.ts';

/** A queued message shall be next. For one that has yet to come it is remembered, and done when it comes. */
@Controller()
export class AnswerSendRunNow {
  constructor(
    private readonly store: Store,
    private readonly queue: Queue,
    private readonly queueing: Queueing,
    private readonly clock: Clock,
  ) {}

  @Answers(SendRunNow)
  async handle(
    { conversationId, runId, by }: AskedOf<typeof SendRunNow>,
    { envelope }: QuestionContext,
  ): Promise<AnswerOf<typeof SendRunNow>> {
    return this.store.transaction(
      async (tx) => {
        const place = await this.queue.place(tx, { conversationId, runId });
        const answer = decideMoveUp(place, by);
        if (answer.outcome !== 'accepted') return answer;
        const move = { by, at: movedUpAt(place, this.clock.now()) };
        await this.queue.moveUp(tx, runId, move);
        if (place.state === 'queued')
          await this.queueing.moveUp(tx, { conversationId, runId, causationId: envelope.id }, move);
        return answer;
      },
      { name: SendRunNow.name },
    );
  }
}
