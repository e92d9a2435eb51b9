import { ensureFailure } from '@skyflo/contracts';
import type { Envelope, Publish } from '@skyflo/contracts';
import type { QueryRunner } from 'typeorm';
import type { StoreLogger } from './logger.ts';
import { markPublished, markRefused, takeWaiting } from './outbox.ts';

export type Sweep = { readonly publish: Publish; readonly logger: StoreLogger; readonly olderThanMs: number };

/**
 * Publishes one batch of rows that nobody published, oldest first; resolves with how many it took. Any number of processes
 * may do it at once, and one that dies in the middle leaves the rows to the others: publishing again under the same id is
 * harmless. Throws when the bus is away.
 */
export async function sweepBatch(runner: QueryRunner, sweep: Sweep): Promise<number> {
  await runner.startTransaction();
  try {
    const waiting = await takeWaiting(runner, sweep.olderThanMs);
    if (waiting.length > 0) await publishWaiting(runner, sweep, waiting);
    await runner.commitTransaction();
    return waiting.length;
  } catch (error) {
    // A broken connection cannot roll back and need not.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

async function publishWaiting(runner: QueryRunner, sweep: Sweep, waiting: readonly Envelope[]): Promise<void> {
  try {
    await sweep.publish(waiting);
  } catch (error) {
    const failure = ensureFailure(error);
    if (failure.retryable) throw failure;
    if (waiting.length === 1) return await refuse(runner, sweep, waiting, failure);
    // One envelope that can never be published must not hold up the others.
    for (const envelope of waiting) await publishWaiting(runner, sweep, [envelope]);
    return;
  }
  await markPublished(
    runner,
    waiting.map(({ id }) => id),
  );
}

async function refuse(
  runner: QueryRunner,
  { logger }: Sweep,
  envelopes: readonly Envelope[],
  error: Error,
): Promise<void> {
  for (const { id, type } of envelopes) {
    logger.error('event can never be published', { error, eventId: id, type });
    await markRefused(runner, id, error.message);
  }
}
