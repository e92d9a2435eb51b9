import { Injectable } from '@nestjs/common';
import { derivedId, type Envelope, type EventId, LetterRedriveRequested, type PersonRef } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import { Redrives } from '../domain/redrives.ts';

@Injectable()
export class PostgresRedrives extends Redrives {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    super();
  }

  request(letterId: EventId, letter: Envelope, { id, email }: PersonRef): Promise<boolean> {
    return this.store.transaction(async (tx) => {
      const first = await tx.query(
        'insert into redrives (letter_id, requested_by, at) values ($1, $2, $3) on conflict do nothing returning letter_id',
        [letterId, id, this.clock.now()],
      );
      if (first.length === 0) return false;
      await tx.emit(LetterRedriveRequested, {
        id: derivedId(letterId, LetterRedriveRequested.type),
        causationId: letterId,
        data: { letterId, by: { id, email }, letter },
      });
      return true;
    });
  }
}
