/** A start that cannot succeed, in one sentence that tells a person what to do. Shown without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
