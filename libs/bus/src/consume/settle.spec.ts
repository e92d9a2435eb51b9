import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import { Arrivals } from './arrivals.ts';
import { Excused } from './excused.ts';
import { backoffMs, settle } from './settle.ts';
import { Slots } from './slots.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function settled(
  thrown: unknown,
  deliveryCount = 1,
  bury?: () => Promise<void>,
  excused = new Excused(),
): Promise<string> {
  let outcome = 'nothing';
  const delivery = {
    subject: 's',
    seq: 1,
    info: { deliveryCount },
    ack: () => (outcome = 'ack'),
    nak: (afterMs?: number) => (outcome = `nak ${afterMs}`),
    term: () => (outcome = 'term'),
  };
  const work = () => (thrown === undefined ? Promise.resolve() : Promise.reject(thrown as Error));
  const about = () => ({});
  await settle(delivery, work, { durable: 'd', about, maxDeliveries: 3, excused, bury: () => bury, logger: silent });
  return outcome;
}

describe('what becomes of a message', () => {
  it('is an ack after the work', async () => expect(await settled(undefined)).toBe('ack'));
  it('is the end at a terminal failure', async () =>
    expect(await settled(Failure.terminal('Nonsense', 'n'))).toBe('term'));
  it('is another try, as late as a retryable failure says, however often', async () =>
    expect(await settled(Failure.retryable('NotYet', 'n', { afterMs: 70 }), 500)).toBe('nak 70'));
  it('is another try after an unknown error, up to the limit', async () => {
    expect(await settled(new Error('x'), 2)).toMatch(/^nak \d+$/);
    expect(await settled(new Error('x'), 3)).toBe('term');
  });
  it('is a dead letter before the end, or another try where there is no place for one', async () => {
    const buried: string[] = [];
    const bury = async () => void buried.push('letter');
    expect(await settled(Failure.terminal('Nonsense', 'n'), 1, bury)).toBe('term');
    expect(await settled(new Error('x'), 3, bury)).toBe('term');
    expect(buried).toHaveLength(2);
    expect(await settled(new Error('x'), 2, bury)).toMatch(/^nak/);
    expect(await settled(Failure.retryable('NotYet', 'n'), 500, bury)).toMatch(/^nak/);
    expect(buried).toHaveLength(2);
    expect(await settled(new Error('x'), 3, () => Promise.reject(new Error('the store is away')))).toMatch(/^nak \d+$/);
  });
  it('is another try where an outage, and not the error, used up the deliveries', async () => {
    const excused = new Excused();
    for (const count of [1, 2, 3]) await settled(Failure.retryable('NotYet', 'n'), count, undefined, excused);
    expect(await settled(new Error('x'), 4, undefined, excused)).toMatch(/^nak/);
    expect(await settled(new Error('x'), 6, undefined, excused)).toBe('term');
  });
  it('comes ever more slowly, at most every half minute', () => {
    expect([1, 2, 3, 8, 9, 1_000].map((count) => backoffMs(count, () => 0))).toEqual([
      250, 500, 1_000, 30_000, 30_000, 30_000,
    ]);
    expect(backoffMs(1, () => 1)).toBe(200);
  });
});

describe('arrivals of a session', () => {
  const message = (deliverySequence: number, seq: number) => ({ seq, info: { deliverySequence }, working: () => {} });
  it('come out in order and in batches', async () => {
    const arrivals = new Arrivals();
    for (const at of [1, 2, 3]) arrivals.push(message(at, at * 10));
    expect((await arrivals.next(2)).map(({ seq }) => seq)).toEqual([10, 20]);
    expect((await arrivals.next(2)).map(({ seq }) => seq)).toEqual([30]);
  });
  it('leave out what is delivered once more', async () => {
    const arrivals = new Arrivals();
    for (const [at, seq] of [
      [1, 10],
      [2, 20],
      [3, 10],
      [4, 30],
    ] as const)
      arrivals.push(message(at, seq));
    expect((await arrivals.next(9)).map(({ seq }) => seq)).toEqual([10, 20, 30]);
  });
  it('end with a failure at a hole, before anything behind it comes out', async () => {
    const arrivals = new Arrivals();
    arrivals.push(message(1, 10));
    arrivals.push(message(3, 30));
    await expect(arrivals.next(9)).rejects.toMatchObject({ code: 'DeliveryLost', retryable: true });
  });
});

describe('slots', () => {
  it('let wait until enough of them are free', async () => {
    const slots = new Slots(2);
    slots.take();
    slots.take();
    const order: string[] = [];
    const one = slots.untilFree(1).then(() => order.push('one'));
    const idle = slots.untilIdle().then(() => order.push('idle'));
    slots.give();
    await one;
    expect(order).toEqual(['one']);
    slots.give();
    await idle;
    expect(order).toEqual(['one', 'idle']);
  });
});
