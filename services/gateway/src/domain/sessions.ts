import type { Person, PersonId } from '@skyflo/contracts';
import type { RefreshVerdict } from './refresh-token.ts';

/** A session just begun or continued, with the refresh token that continues it next: shown once, kept only as a hash. */
export type OpenSession = { readonly id: string; readonly person: Person; readonly refreshToken: string };
export type Refreshed =
  | { readonly verdict: 'exchange'; readonly session: OpenSession }
  | { readonly verdict: Exclude<RefreshVerdict, 'exchange'> };

/** Who is signed in where: families of refresh tokens by the rules of `refresh-token.ts`. */
export abstract class Sessions {
  abstract open(person: Person): Promise<OpenSession>;

  /** Exchanges a refresh token for the next; one that was exchanged before ends its whole session. */
  abstract refresh(refreshToken: string): Promise<Refreshed>;

  /** Ends the session. Unknown and ended ones are fine. */
  abstract close(by: { readonly refreshToken: string } | { readonly sessionId: string }): Promise<void>;

  /** The session's person as they are now, or undefined where the session ended or the person may no longer act. */
  abstract personOf(sessionId: string, personId: PersonId): Promise<Person | undefined>;
}
