import type { CookieOptions, Request, Response } from 'express';
import type { OpenSession } from '../domain/sessions.ts';

export const accessCookie = 'skyflo_access';
export const refreshCookie = 'skyflo_refresh';
/** The refresh token travels to the routes that exchange or end it and nowhere else. */
const refreshPath = '/api/v1/auth';

export type CookieRules = {
  readonly cookieSecure: boolean;
  readonly accessTokenSeconds: number;
  readonly refreshTokenDays: number;
};

export function setSessionCookies(response: Response, rules: CookieRules, session: OpenSession, access: string): void {
  const { accessTokenSeconds, refreshTokenDays } = rules;
  response.cookie(accessCookie, access, { ...base(rules), path: '/', maxAge: accessTokenSeconds * 1_000 });
  response.cookie(refreshCookie, session.refreshToken, {
    ...base(rules),
    path: refreshPath,
    maxAge: refreshTokenDays * 86_400_000,
  });
}

export function clearSessionCookies(response: Response, rules: CookieRules): void {
  response.clearCookie(accessCookie, { ...base(rules), path: '/' });
  response.clearCookie(refreshCookie, { ...base(rules), path: refreshPath });
}

/** Our cookies hold JWTs and base64url only, so nothing needs decoding. */
export function readCookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === '' ? undefined : value;
}

function base({ cookieSecure }: CookieRules): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', secure: cookieSecure };
}
