import type { CallerClaims } from '@skyflo/contracts';

/** A request's caller; `id` is another for each request. */
export type Caller = { readonly id: string; readonly claims: CallerClaims };

/** Finds out on whose behalf a request is made. Throws a terminal Failure for a token that says nothing to be believed. */
export abstract class Callers {
  abstract identify(token: string): Caller;
}
