import type { Person, PersonId } from '@skyflo/contracts';

export type AccessClaims = { readonly personId: PersonId; readonly sessionId: string; readonly expiresAt: Date };
export type ReadToken = AccessClaims | 'expired' | 'invalid';

/** Short-lived proof of a session, for every request. */
export abstract class AccessTokens {
  abstract issue(person: Person, sessionId: string): Promise<string>;
  abstract read(token: string): Promise<ReadToken>;
}
