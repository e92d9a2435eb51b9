import { Controller } from '@nestjs/common';
import { Bus, plainText } from '@skyflo/bus';
import { OnEvent } from '@skyflo/bus/nest';
import {
  derivedId,
  ensureFailure,
  Failure,
  LetterDied,
  LetterRedriven,
  LetterRedriveRequested,
} from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { Clock } from '../clock.ts';

/**
 * An admin wants a dead letter of this service handled again; every service has this handler, letters of others are left to
 * them. The letter is believed only with this service's own signature: whoever can ask for a redrive cannot make one up.
 */
@Controller()
export class OnLetterRedriveRequested {
  constructor(
    private readonly bus: Bus,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  @OnEvent(LetterRedriveRequested)
  async handle({ id: causationId, data: { letter, letterId } }: LetterRedriveRequested): Promise<void> {
    if (letter.source !== this.bus.service) return;
    const data = this.bus.ownLetter(letter, letterId);
    const failure = await this.failureOf(data);
    await this.store.transaction(async (tx) => {
      if (!failure) {
        const id = derivedId(letterId, LetterRedriven.type);
        await tx.emit(LetterRedriven, { id, causationId, data: { letterId, consumer: data.consumer } });
        return;
      }
      const { code, message } = failure.toRecord();
      const failedAt = this.clock.now().toISOString();
      const again = {
        ...data,
        failure: { code, message: plainText(message) },
        failedAt,
        tries: 1,
        redriveOf: letterId,
      };
      await tx.emit(LetterDied, { id: derivedId(letterId, LetterDied.type), causationId, data: again });
    });
  }

  /** What can be mended by waiting is thrown, and the request comes again; anything else makes a new letter. */
  private async failureOf(letter: LetterDied['data']): Promise<Failure | undefined> {
    try {
      await this.bus.redrive(letter);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.retryable) throw thrown;
      return ensureFailure(thrown);
    }
  }
}
