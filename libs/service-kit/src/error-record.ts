import { Failure } from '@skyflo/contracts';

const deepestCause = 4;

/**
 * What is logged of an error. Only what every error has: drivers hang the statement's parameters, clients the request's
 * headers on theirs, and both hold secrets.
 */
export function toErrorRecord(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const code = thrown instanceof Failure ? thrown.code : codeOf(thrown);
  return {
    name: thrown.name,
    ...(code === undefined ? {} : { code }),
    ...(thrown instanceof Failure ? { retryable: thrown.retryable } : {}),
    message: thrown.message,
    stack: thrown.stack,
    ...(thrown.cause === undefined || depth === deepestCause ? {} : { cause: toErrorRecord(thrown.cause, depth + 1) }),
  };
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
