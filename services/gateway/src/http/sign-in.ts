import { Inject, Injectable } from '@nestjs/common';
import type { Person, Session } from '@skyflo/contracts';
import { CONFIG } from '@skyflo/service-kit';
import type { Response } from 'express';
import type { GatewayConfig } from '../config.ts';
import { AccessTokens } from '../domain/access-tokens.ts';
import { type OpenSession, Sessions } from '../domain/sessions.ts';
import { clearSessionCookies, setSessionCookies } from './cookies.ts';

/** Begins, continues and ends what a browser holds of a session; programs take the access token from the body. */
@Injectable()
export class SignIn {
  constructor(
    private readonly sessions: Sessions,
    private readonly tokens: AccessTokens,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async begin(person: Person, response: Response): Promise<Session> {
    return this.proceed(await this.sessions.open(person), response);
  }

  async proceed(session: OpenSession, response: Response): Promise<Session> {
    const accessToken = await this.tokens.issue(session.person, session.id);
    setSessionCookies(response, this.config, session, accessToken);
    return { accessToken, user: session.person };
  }

  forget(response: Response): void {
    clearSessionCookies(response, this.config);
  }
}
