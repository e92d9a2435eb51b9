import type { Problem } from '@skyflo/contracts';

type Members = Pick<Problem, 'errors' | 'currentDigest'> & { readonly headers?: Readonly<Record<string, string>> };

/** What a request came to where it came to nothing; the filter makes an RFC 9457 document of it. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';

  constructor(
    readonly status: number,
    /** A PascalCase code for programs; documented in the OpenAPI description. */
    readonly code: string,
    detail: string,
    readonly members: Members = {},
  ) {
    super(detail);
  }
}

/** RFC 6750 wants the scheme named wherever a request was not let in for lack of a token. */
export const unauthorized = (code: string, detail: string) =>
  new HttpProblem(401, code, detail, { headers: { 'WWW-Authenticate': 'Bearer realm="skyflo"' } });

export const sessionEnded = () => unauthorized('SessionEnded', 'The session has ended: sign in again.');

export const forbidden = (code: string, detail: string) => new HttpProblem(403, code, detail);

/** Also for what exists and is not for this person: they learn nothing of it. */
export const notFound = (what: string) => new HttpProblem(404, 'NotFound', `There is no such ${what}.`);

export const invalid = (...errors: NonNullable<Problem['errors']>) =>
  new HttpProblem(422, 'InvalidField', errors.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    errors,
  });

export const tryAgain = (status: 429 | 503, code: string, detail: string, afterMs: number) =>
  new HttpProblem(status, code, detail, {
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(afterMs / 1_000))) },
  });
