import { errors } from '@nats-io/nats-core';
import { Failure, type Envelope } from '@skyflo/contracts';

/** What a refused or lost publish means: the server's own refusals of this very message cannot be mended by another try. */
export function publishFailure(error: unknown, { id, type }: Pick<Envelope, 'id' | 'type'>): Failure {
  const what = `${type} ${id}`;
  if (error instanceof Failure) return error;
  if (isCausedBy(error, errors.PermissionViolationError))
    return Failure.terminal('PublishRefused', `NATS does not let us publish ${what}`, { cause: error });
  if (isCausedBy(error, errors.InvalidArgumentError))
    return Failure.terminal('EventTooLarge', `${what} is larger than NATS takes`, { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return Failure.retryable('EventNotStored', `${what} was not stored: ${reason}`, { cause: error });
}

/** Whether an error, or what it was caused by, is of a kind: the client wraps what the server says. */
export function isCausedBy(error: unknown, kind: abstract new (...args: never[]) => Error): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof kind || isCausedBy((error as Error).cause, kind);
}
