import { ensureFailure, Failure } from '@skyflo/contracts';
import type { BusLogger } from '../logger.ts';
import type { Excused } from './excused.ts';

/** What the bus can say about a delivered message; the shape of JetStream's own. */
export type Delivery = {
  readonly subject: string;
  readonly seq: number;
  readonly info: { readonly deliveryCount: number };
  ack(): void;
  nak(afterMs?: number): void;
  term(reason?: string): void;
};

export type SettleOptions = {
  readonly durable: string;
  /** Who and what, as far as it is known by then. */
  readonly about: () => Readonly<Record<string, unknown>>;
  /** How often an unknown error is tried; deliveries that ended in a retryable failure do not count. */
  readonly maxDeliveries: number;
  readonly excused: Excused;
  /** Keeps what cannot be handled as a dead letter; undefined for what is to end without one. When it throws, the event comes again. */
  readonly bury: () => ((failure: Failure) => Promise<void>) | undefined;
  readonly logger: BusLogger;
};

/**
 * The only place that knows ack, nak and term. A handler that returns has committed, so the message is acknowledged.
 * - A terminal Failure ends it: trying again cannot help.
 * - A retryable Failure brings it back, as long as the stream keeps it: after `afterMs`, or ever more slowly.
 * - An unknown error comes back too, up to the limit; then it is logged with everything that names it, and ended.
 * What was believed and is ended becomes a dead letter first; so a store that is away, which cannot take one, ends nothing.
 */
export async function settle(delivery: Delivery, work: () => Promise<void>, options: SettleOptions): Promise<void> {
  try {
    await work();
    options.excused.forget(delivery.seq);
    delivery.ack();
  } catch (thrown) {
    const failure = ensureFailure(thrown);
    const { deliveryCount } = delivery.info;
    const pairs = {
      consumer: options.durable,
      subject: delivery.subject,
      streamSequence: delivery.seq,
      deliveryCount,
      ...options.about(),
      code: failure.code,
      error: failure.message,
    };
    const comeAgain = (why: object) => {
      const afterMs = failure.afterMs ?? backoffMs(deliveryCount);
      options.logger.warn('event comes again', { ...pairs, ...why, afterMs });
      delivery.nak(afterMs);
    };
    if (!isHopeless(thrown, options.excused.triesOf(delivery), options)) {
      if (thrown instanceof Failure) options.excused.add(delivery.seq);
      return comeAgain({});
    }
    const bury = options.bury();
    const unburied = bury && (await failureOf(bury(failure)));
    if (unburied) return comeAgain({ unburied: unburied.message });
    options.excused.forget(delivery.seq);
    if (failure.retryable)
      options.logger.error('event given up', { ...pairs, stack: thrown instanceof Error ? thrown.stack : undefined });
    else options.logger.error('event refused', pairs);
    delivery.term(failure.retryable ? 'given up' : failure.code);
  }
}

/** Whether another try can help no more. */
export function isHopeless(thrown: unknown, tries: number, limit: { readonly maxDeliveries: number }): boolean {
  return thrown instanceof Failure ? !thrown.retryable : tries >= limit.maxDeliveries;
}

async function failureOf(work: Promise<void>): Promise<Failure | undefined> {
  return work.then(() => undefined, ensureFailure);
}

/** With this backoff the ninth try comes about a minute after the first. */
export const defaultMaxDeliveries = 9;

const firstBackoffMs = 250;
const longestBackoffMs = 30_000;

/** 0.25 s, doubled with every delivery, at most half a minute; up to a fifth is taken off so that crowds spread out. */
export function backoffMs(deliveryCount: number, random: () => number = Math.random): number {
  const whole = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(deliveryCount - 1, 16));
  return Math.round(whole * (1 - random() / 5));
}
