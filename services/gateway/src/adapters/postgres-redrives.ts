import { Injectable } from '@nestjs/common';
import { derivedId, type Envelope, type EventId, LetterRedriveRequested, type PersonRef } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { Store } from '@skyflo/store';
import { Redrives } from '../domain/redrives.ts';

/** An answer takes as long as the event's handler, and a service that starts again. */
const unansweredMs = 60_000;

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
      const now = this.clock.now();
      const [asked] = await tx.query<{ times: number }>(
        `insert into redrives as r (letter_id, requested_by, at) values ($1, $2, $3)
         on conflict (letter_id) do update set requested_by = $2, at = $3, times = r.times + 1 where r.at <= $4
         returning times`,
        [letterId, id, now, new Date(now.getTime() - unansweredMs)],
      );
      if (!asked) return false;
      await tx.emit(LetterRedriveRequested, {
        id: derivedId(letterId, LetterRedriveRequested.type, asked.times - 1),
        causationId: letterId,
        data: { letterId, by: { id, email }, letter },
      });
      return true;
    });
  }
}
