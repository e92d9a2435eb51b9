import { Failure } from '@skyflo/contracts';
import { APIConnectionError, APIError } from 'openai';

/** JSON, but none of the protocol's. */
export class NotAnAnswer extends Error {
  override readonly name = 'NotAnAnswer';
}

/** What went wrong with a model call, in words that help, and whether the same call may work in a moment. */
export function toModelFailure(error: unknown, about: { timedOut: boolean; timeoutMs: number }): Failure {
  const say = (what: string): string => `The model did not answer: ${what}`;
  if (about.timedOut)
    return Failure.retryable('ModelTimedOut', say(`nothing complete came within ${about.timeoutMs / 1000} seconds.`), {
      cause: error,
    });
  if (error instanceof SyntaxError || error instanceof NotAnAnswer)
    return Failure.retryable('ModelAnswerUnreadable', say('what its server sent cannot be read.'), {
      cause: error,
      hint: 'Check that its address is that of an OpenAI-compatible API.',
    });
  // An error in the middle of a stream that began well: there is no status any more.
  if (error instanceof APIError && !(error instanceof APIConnectionError) && error.status === undefined)
    return Failure.retryable('ModelBrokeOff', say(`it broke off. ${sentence(error.message)}`), { cause: error });
  if (error instanceof APIConnectionError || !(error instanceof APIError) || error.status === undefined)
    return Failure.retryable('ModelUnreachable', say(`the connection failed (${rootOf(error)}).`), {
      cause: error,
      hint: 'Check that the model server is running and that its address is right.',
    });
  const { status } = error;
  const said = sentence(error.message.replace(/^\d+ /, ''));
  if (status === 429)
    return Failure.retryable('ModelRateLimited', say(`it is asked too often. ${said}`), {
      cause: error,
      ...retryAfter(error.headers),
    });
  if (status >= 500 || status === 408 || status === 409)
    return Failure.retryable('ModelUnavailable', say(`its server has trouble (${status}). ${said}`), {
      cause: error,
      ...retryAfter(error.headers),
    });
  if (status === 401 || status === 403)
    return Failure.terminal('ModelRefusedKey', say(`it does not accept our key (${status}). ${said}`), {
      cause: error,
      hint: 'An administrator has to set the key of the model.',
    });
  return Failure.terminal('ModelRefusedRequest', say(`it refuses the request (${status}). ${said}`), { cause: error });
}

function retryAfter(headers: Headers | undefined): { afterMs?: number } {
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? { afterMs: seconds * 1000 } : {};
}

/** The innermost reason: fetch hides “connection refused” two causes deep. */
function rootOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return String(inner);
  const { code } = inner as { code?: unknown };
  return inner.message || (typeof code === 'string' ? code : inner.name);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
