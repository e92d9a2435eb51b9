import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Person, TokenId, TokenScope } from '@skyflo/contracts';
import type { Request } from 'express';
import { accessCookie, readCookie } from './cookies.ts';

/** What a caller came with. */
export type Credential =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'token'; readonly id: TokenId; readonly scope: TokenScope };
/** Who makes a request: the person as they are now, and until when what they came with lets them. */
export type Caller = { readonly person: Person; readonly credential: Credential; readonly expiresAt: Date };
export type CallerRequest = Request & { caller?: Caller };

/** The caller that the guard found; only on routes that are not public. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw new TypeError('a public route has no caller');
  return caller;
});

/** A Bearer token counts before a cookie: whoever sends one means it. */
export function accessTokenOf(request: Request): string | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return readCookie(request, accessCookie);
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  return token ?? '';
}
