import { Failure } from '@skyflo/contracts';
import type { Logger } from '@skyflo/service-kit';

type Bounds = {
  readonly tool: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

/** Gives work a deadline. What it throws comes out as a Failure; what nobody foresaw is logged, here, where it is handled. */
export async function withDeadline<T>(bounds: Bounds, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { tool, timeoutMs, signal, logger } = bounds;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await work(AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (timeout.aborted && !signal.aborted) {
      const message = `${tool} did not get its answer within ${Math.round(timeoutMs / 1_000)} s.`;
      throw Failure.terminal('ToolTimedOut', message, { cause: error });
    }
    if (!(error instanceof Failure) && !signal.aborted) logger.error('a tool failed unexpectedly', { tool, error });
    throw error;
  }
}
