import { Failure } from '@skyflo/contracts';
import type { z } from 'zod';

/** Holds an answer of the API server against what we read of it. A mismatch is no fault of the caller, and may pass. */
export function parseAnswer<S extends z.ZodType>(schema: S, document: unknown, what: string): z.infer<S> {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw Failure.retryable(
    'ClusterError',
    `The API server's answer is not what ${what} look like: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
  );
}

export function parseJsonAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Failure.retryable('ClusterError', 'The API server answered with something that is not JSON.', { cause });
  }
}
