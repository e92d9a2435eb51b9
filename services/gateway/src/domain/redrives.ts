import type { Envelope, EventId, PersonRef } from '@skyflo/contracts';

/** What admins asked to be handled again. */
export abstract class Redrives {
  /**
   * Says it to the letter's consumer; false where somebody asked for this letter less than a minute ago. After that it counts as
   * unanswered and is said again: handling an event twice is harmless, a letter that nobody can get rid of is not.
   */
  abstract request(letterId: EventId, letter: Envelope, by: PersonRef): Promise<boolean>;
}
