import { Controller } from '@nestjs/common';
import type { QuestionContext } from '@skyflo/bus';
import { Answers } from '@skyflo/bus/nest';
import { type AnswerOf, type AskedOf, assertNever, DecideApproval, type PersonId } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store, type Tx } from '@skyflo/store';
import { rule, type Ruling } from '../domain/approval.ts';
import { People } from '../domain/ports.ts';
import { Closings, type Vote, type Waiting } from './closings.ts';

type Answer = AnswerOf<typeof DecideApproval>;

/** A person decides. The rows' locks put those who decide at once in order; `rule` says what each of them is told. */
@Controller()
export class AnswerDecideApproval {
  constructor(
    private readonly store: Store,
    private readonly closings: Closings,
    private readonly people: People,
    private readonly clock: Clock,
  ) {}

  @Answers(DecideApproval)
  async handle(asked: AskedOf<typeof DecideApproval>, { envelope }: QuestionContext): Promise<Answer> {
    return this.store.transaction(async (tx) => {
      const waiting = await this.closings.lock(tx, asked.callId);
      // Asked with the lock in hand: whoever waited for it may have lost a role meanwhile.
      const { person, requester } = await this.peopleOf(asked.person.id, waiting);
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

  private async peopleOf(id: PersonId, waiting: Waiting | undefined) {
    const requesterId = waiting?.call.requestedBy.id;
    const people = await this.people.find(requesterId === undefined ? [id] : [id, requesterId]);
    return {
      person: people.find((known) => known.id === id),
      requester: people.find((known) => known.id === requesterId),
    };
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
        await Promise.all([this.closings.record(tx, waiting, vote), this.closings.approve(tx, waiting, vote)]);
        return;
      case 'refused':
        await Promise.all([this.closings.record(tx, waiting, vote), this.closings.refuse(tx, waiting, vote)]);
        return;
      default:
        return assertNever(effect);
    }
  }
}
