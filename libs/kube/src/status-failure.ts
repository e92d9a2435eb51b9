import { Failure } from '@skyflo/contracts';
import { z } from 'zod';

/** The API server's own error document (`kind: Status`). */
const Status = z.object({
  kind: z.literal('Status'),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z
    .object({
      retryAfterSeconds: z.number().optional(),
      causes: z.array(z.object({ field: z.string().optional(), message: z.string().optional() })).optional(),
    })
    .optional(),
});

/** One code per answer that callers tell apart; the rest of the 4xx is `BadRequest`, of the 5xx `ClusterError`. */
const codes: { readonly [status: number]: string } = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'ContinueExpired',
  413: 'TooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
};

/** What the API server answered, as a Failure: 429 and 5xx are worth another try. `AlreadyExists` is told from `Conflict`. */
export function statusFailure(status: number, text: string): Failure {
  const parsed = Status.safeParse(statusDocument(text));
  const said = parsed.data?.message ?? (text.trim().slice(0, 300) || `HTTP ${status}`);
  const code =
    parsed.data?.reason === 'AlreadyExists'
      ? 'AlreadyExists'
      : (codes[status] ?? (status >= 500 ? 'ClusterError' : 'BadRequest'));
  const message = `The API server answered ${status}: ${said}`;
  if (status !== 429 && status < 500) return Failure.terminal(code, message);
  const seconds = parsed.data?.details?.retryAfterSeconds;
  return Failure.retryable(code, message, seconds === undefined ? {} : { afterMs: seconds * 1000 });
}

/** The error document itself; undefined where the answer is none. */
export function statusDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Proxies in front of an API server answer in HTML: the text itself is the message then.
    return undefined;
  }
}
