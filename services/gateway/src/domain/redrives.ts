import type { Envelope, EventId, PersonRef } from '@skyflo/contracts';

/** What admins asked to be handled again. */
export abstract class Redrives {
  /** Says it to the letter's consumer; false where somebody has asked for this letter before. */
  abstract request(letterId: EventId, letter: Envelope, by: PersonRef): Promise<boolean>;
}
