import { Injectable } from '@nestjs/common';
import type { Person } from '@skyflo/contracts';
import { Clock } from '@skyflo/service-kit';
import { AccessTokens } from '../domain/access-tokens.ts';
import { PersonalTokens, tokenPrefix } from '../domain/personal-tokens.ts';
import { Sessions } from '../domain/sessions.ts';
import type { Caller } from './caller.ts';
import { sessionEnded, unauthorized } from './http-problem.ts';

/**
 * Finds out who calls. A token proves a session, or is one that a person made; whether that still stands, whether the person
 * may still act and what their roles are is read afresh each time, so that ending any of it works at once.
 */
@Injectable()
export class Callers {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly personal: PersonalTokens,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  async identify(token: string | undefined, { personalTokens }: { readonly personalTokens: boolean }): Promise<Caller> {
    if (token === undefined) throw unauthorized('NotSignedIn', 'An access token is needed: sign in first.');
    if (token.startsWith(tokenPrefix)) {
      if (!personalTokens)
        throw unauthorized('TokenForMcpOnly', 'A personal access token opens /mcp and nothing else.');
      return this.holderOf(token);
    }
    const claims = await this.tokens.read(token);
    if (claims === 'expired') throw unauthorized('TokenExpired', 'The access token has expired.');
    if (claims === 'invalid') throw unauthorized('TokenInvalid', 'The access token is not one of ours.');
    const person = await this.sessions.personOf(claims.sessionId, claims.personId);
    if (!person) throw sessionEnded();
    return { person, credential: { kind: 'session', id: claims.sessionId }, expiresAt: claims.expiresAt };
  }

  /** For whoever stays connected: the person as they are now, or undefined where their token would no longer let them in. */
  async again({ expiresAt, credential, person }: Caller): Promise<Person | undefined> {
    const isIn = expiresAt > this.clock.now() && credential.kind === 'session';
    return isIn ? this.sessions.personOf(credential.id, person.id) : undefined;
  }

  /**
   * For whoever waits for an answer: whether what they came with still stands. That the access token of a session is good for
   * minutes only does not count: it let the question in.
   */
  async stands({ credential, person }: Caller): Promise<boolean> {
    if (credential.kind === 'token') return this.personal.stands(credential.id);
    return (await this.sessions.personOf(credential.id, person.id)) !== undefined;
  }

  private async holderOf(token: string): Promise<Caller> {
    const holder = await this.personal.use(token);
    if (holder === 'expired')
      throw unauthorized('TokenExpired', 'The personal access token has expired: make another.');
    if (!holder) throw unauthorized('TokenInvalid', 'The personal access token is none of ours, or has been revoked.');
    const { person, tokenId: id, scope, expiresAt } = holder;
    return { person, credential: { kind: 'token', id, scope }, expiresAt };
  }
}
