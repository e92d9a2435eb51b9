import { Injectable } from '@nestjs/common';
import type { Person } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { AccessTokens } from '../domain/access-tokens.ts';
import { Sessions } from '../domain/sessions.ts';
import type { Caller } from './caller.ts';
import { sessionEnded, unauthorized } from './http-problem.ts';

/**
 * Finds out who calls. A token proves a session; whether the session still stands, whether the person may still act and what
 * their roles are is read afresh each time, so that ending any of it works at once.
 */
@Injectable()
export class Callers {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  async identify(token: string | undefined): Promise<Caller> {
    if (token === undefined) throw unauthorized('NotSignedIn', 'An access token is needed: sign in first.');
    const claims = await this.tokens.read(token);
    if (claims === 'expired') throw unauthorized('TokenExpired', 'The access token has expired.');
    if (claims === 'invalid') throw unauthorized('TokenInvalid', 'The access token is not one of ours.');
    const person = await this.sessions.personOf(claims.sessionId, claims.personId);
    if (!person) throw sessionEnded();
    return { person, sessionId: claims.sessionId, expiresAt: claims.expiresAt };
  }

  /** For whoever stays connected: the person as they are now, or undefined where their token would no longer let them in. */
  async again({ expiresAt, sessionId, person }: Caller): Promise<Person | undefined> {
    return expiresAt > this.clock.now() ? this.sessions.personOf(sessionId, person.id) : undefined;
  }
}
