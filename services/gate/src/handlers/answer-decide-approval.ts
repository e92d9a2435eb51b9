import { Controller } from '@nestjs/common';
import type { QuestionContext } from '@skyflo/bus';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, assertNever, DecideApproval } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store, type Tx } from '@skyflo/store';
import { rule, type Ruling } from '../domain/approval.ts';
import { Calls, People } from '../domain/ports.ts';
import { Closings, type Vote, type Waiting } from './closings.ts';

type Answer = AnswerOf<typeof DecideApproval>;

/** A person decides. The rows' locks put those who decide at once in order; `rule` says what each of them is told. */
@Controller()
export class AnswerDecideApproval {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly closings: Closings,
    private readonly people: People,
    private readonly clock: Clock,
  ) {}

  @Answers(DecideApproval)
  async handle(asked: AskedOf<typeof DecideApproval>, { envelope }: QuestionContext): Promise<Answer> {
    const requesterId = await this.calls.requesterOf(asked.callId);
    const people = await this.people.find(requesterId ? [asked.person.id, requesterId] : [asked.person.id]);
    const person = people.find((known) => known.id === asked.person.id);
    const requester = people.find((known) => known.id === requesterId);
    return this.store.transaction(async (tx) => {
      const waiting = await this.closings.lock(tx, asked.callId);
      const ruling = rule({ approval: waiting?.approval, asked, person, requester, now: this.clock.now() });
      if (waiting && person) {
        const by = { id: person.id, email: person.email, roles: person.roles };
        await this.follow(tx, waiting, ruling.effect, {
          by,
          decision: asked.decision,
          reason: asked.reason,
          evidence: envelope,
        });
      }
      return ruling.answer;
    });
  }

  private async follow(tx: Tx, waiting: Waiting, effect: Ruling['effect'], vote: Vote): Promise<void> {
    switch (effect) {
      case undefined:
        return;
      case 'expired':
        return this.closings.expire(tx, waiting);
      case 'recorded':
        return this.closings.record(tx, waiting, vote);
      case 'approved':
        await this.closings.record(tx, waiting, vote);
        return this.closings.approve(tx, waiting, vote);
      case 'refused':
        await this.closings.record(tx, waiting, vote);
        return this.closings.refuse(tx, waiting, vote);
      default:
        return assertNever(effect);
    }
  }
}
