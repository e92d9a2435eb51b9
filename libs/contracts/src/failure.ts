import { z } from 'zod';

/** What travels of a failure: a PascalCase code that is documented, and one sentence for people. */
export const FailureRecord = z.object({
  code: z.string().regex(/^[A-Z][A-Za-z0-9]+$/, 'a PascalCase noun phrase'),
  message: z.string(),
  hint: z.string().optional(),
});
export type FailureRecord = z.infer<typeof FailureRecord>;

/**
 * An error that says whether trying again can help; that is all the bus needs to know of it.
 * Policies' and people's refusals are results, never failures.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly retryable: boolean;
  /** How long to wait before the next try, in milliseconds; unset leaves it to the caller's own schedule. */
  readonly afterMs: number | undefined;
  readonly hint: string | undefined;

  private constructor(code: string, message: string, options: FailureOptions & { retryable: boolean }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.afterMs = options.afterMs;
    this.hint = options.hint;
  }

  static retryable(code: string, message: string, options: FailureOptions = {}): Failure {
    return new Failure(code, message, { ...options, retryable: true });
  }

  static terminal(code: string, message: string, options: Omit<FailureOptions, 'afterMs'> = {}): Failure {
    return new Failure(code, message, { ...options, retryable: false });
  }

  toRecord(): FailureRecord {
    return { code: this.code, message: this.message, ...(this.hint === undefined ? {} : { hint: this.hint }) };
  }
}

export type FailureOptions = { readonly afterMs?: number; readonly hint?: string; readonly cause?: unknown };

/** Turns whatever was thrown into a Failure. Unknown errors are retryable: the consumer's limit ends them. */
export function ensureFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (thrown instanceof Error)
    return Failure.retryable('UnexpectedError', thrown.message || thrown.name, { cause: thrown });
  return Failure.retryable('UnexpectedError', String(thrown), { cause: thrown });
}
