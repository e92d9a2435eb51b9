import { Inject, Injectable } from '@nestjs/common';
import { type Person, PersonId } from '@skyflo/contracts';
import { Clock, CONFIG } from '@skyflo/service-kit';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { GatewayConfig } from '../config.ts';
import { AccessTokens, type ReadToken } from '../domain/access-tokens.ts';

const issuer = 'skyflo-gateway';
const algorithm = 'HS256';
const Claims = z.object({ sub: PersonId, sid: z.uuid(), exp: z.number() });

/** Signed JWTs. The roles in them are for whoever reads a token; what counts is read afresh with each request. */
@Injectable()
export class JoseAccessTokens extends AccessTokens {
  private readonly key: Uint8Array;

  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {
    super();
    this.key = new TextEncoder().encode(config.tokenKey);
  }

  override issue(person: Person, sessionId: string): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1_000);
    return new SignJWT({ sid: sessionId, roles: person.roles })
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(issuer)
      .setSubject(person.id)
      .setIssuedAt(now)
      .setExpirationTime(now + this.config.accessTokenSeconds)
      .sign(this.key);
  }

  override async read(token: string): Promise<ReadToken> {
    try {
      const options = { issuer, algorithms: [algorithm], currentDate: this.clock.now() };
      const claims = Claims.parse((await jwtVerify(token, this.key, options)).payload);
      return { personId: claims.sub, sessionId: claims.sid, expiresAt: new Date(claims.exp * 1_000) };
    } catch (error) {
      // Whatever else is wrong with it, it is not ours.
      return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
    }
  }
}
