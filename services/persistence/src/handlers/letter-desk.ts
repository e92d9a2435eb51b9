import { Injectable } from '@nestjs/common';
import { LetterDied, LetterRedriven } from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';
import { DeadLetters, type Recorded } from '../domain/ports.ts';

/** Keeps the list of dead letters: one that dies again is replaced by the new letter, one that was redriven is done with. */
@Injectable()
export class LetterDesk {
  constructor(private readonly letters: DeadLetters) {}

  async take(tx: Tx, { event }: Recorded): Promise<void> {
    if (event.type === LetterDied.type) {
      const letter = LetterDied.data.parse(event.data);
      await this.letters.add(tx, event.id, letter);
      if (letter.redriveOf !== undefined) await this.letters.close(tx, letter.redriveOf);
    }
    if (event.type === LetterRedriven.type)
      await this.letters.close(tx, LetterRedriven.data.parse(event.data).letterId);
  }
}
