/**
 * The approved write under fire: something is struck at every named point of its path, and what has to hold, holds. All of it
 * with `npm run test:fire`, a quick share with `npm test`.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SkyfloClient } from '@skyflo/testkit';
import { setTimeout as delay } from 'node:timers/promises';
import { anAdmin, dataDir, pidOf, ready } from '../running.ts';
import { Fault, nameOf, type Point } from './fault.ts';
import { pointsOfThePlan, pointsOfTheWrite } from './points.ts';
import { startReplica } from './replica.ts';
import { approve, expectOnce, expectWhole, sayOnce, untilAsked, watchRun } from './under-fire.ts';

const everything = process.env['SKYFLO_FIRE'] === 'all';
/** Of a list, everything or the ones that the quick share has. */
const share = <T>(all: readonly T[], quick: (one: T) => boolean): (readonly [string, T])[] =>
  all.filter((one) => everything || quick(one)).map((one) => [String(one), one]);
const sharePoints = (all: readonly Point[], ...quick: string[]): [string, Point][] =>
  all.map((point): [string, Point] => [nameOf(point), point]).filter(([name]) => everything || quick.includes(name));

let admin: SkyfloClient;
// Signed in anew each time: all of it takes longer than an access token lives.
beforeEach(async () => {
  admin = await anAdmin();
});
afterEach(ready);

describe('kill -9 of the service itself: one write, and the run completes', () => {
  it.each(sharePoints(pointsOfThePlan, 'tool-runner, before commit tool.planned'))('%s', async (_name, point) => {
    const fault = new Fault(dataDir, point);
    const trial = await untilAsked(admin, () => fault.arm('SIGKILL'));
    await fault.struck();
    await approve(admin, trial.asked);
    await expectOnce(admin, trial);
  });

  it.each(
    sharePoints(
      pointsOfTheWrite,
      'gate, after commit gate.passed',
      'tool-runner, after request ^PATCH',
      'planner, before commit run.verified',
    ),
  )('%s', async (_name, point) => {
    const trial = await untilAsked(admin);
    const fault = new Fault(dataDir, point);
    fault.arm('SIGKILL');
    await approve(admin, trial.asked);
    await fault.struck();
    await expectOnce(admin, trial);
  });
});

const others = ['nats-server', 'postgres', 'gateway', 'persistence', 'console', 'planner', 'gate', 'tool-runner'];
const crossings = pointsOfTheWrite.flatMap((point) =>
  others.filter((other) => other !== point.service).map((other) => ({ point, other })),
);
/** Postgres is stopped as its own tools stop it; everything else is killed. */
const strike = async (name: string) => process.kill(await pidOf(name), name === 'postgres' ? 'SIGINT' : 'SIGKILL');

describe('what the service stands on is struck while it is at that point: one write, and the run completes', () => {
  const named = crossings.map((one): [string, typeof one] => [`${one.other} at ${nameOf(one.point)}`, one]);
  const quick = [
    'nats-server at tool-runner, after request ^PATCH',
    'postgres at tool-runner, before commit tool.finished',
  ];
  it.each(named.filter(([name]) => everything || quick.includes(name)))('%s', async (_name, { point, other }) => {
    const trial = await untilAsked(admin);
    const fault = new Fault(dataDir, point);
    fault.arm('hold');
    const decided = approve(admin, trial.asked);
    await fault.struck();
    await strike(other);
    fault.release();
    await decided;
    await expectOnce(admin, trial);
  });
});

const pauses = pointsOfTheWrite.filter(({ service, moment }) => service !== 'gate' && moment === 'before');

/** Long ones: the quick share has what `libs/store` tries of a paused holder of a lease. */
function pausedAndWoken(): void {
  it.each(pauses.map((point): [string, Point] => [nameOf(point), point]))('%s', async (_name, point) => {
    const trial = await untilAsked(admin);
    const replica = await startReplica(point.service);
    try {
      const fault = new Fault(dataDir, point);
      fault.arm('SIGSTOP');
      // Whichever of the two gets the work: the fault strikes only the first, and may not strike at all.
      const pid = await pidOf(point.service);
      await approve(admin, trial.asked);
      const struck = await Promise.race([fault.struck().then(() => true), trial.seen.then(() => false)]);
      if (struck) {
        await trial.seen;
        process.kill(pid, 'SIGCONT');
        // That nothing comes cannot be awaited: what it had in hand would be sent at once.
        await delay(2_000);
      }
      fault.disarm();
      await expectOnce(admin, trial);
    } finally {
      await replica.stop();
    }
  });
}
if (everything)
  describe(
    'a process paused past its lease, its work taken over by another, and woken: nothing is done twice',
    pausedAndWoken,
  );

describe('kill -9 in the middle of a streamed answer: the run completes, and a subscriber sees every event once', () => {
  it.each(share(others, (name) => name === 'planner'))('%s', async (_name, name) => {
    const conversationId = await admin.converse();
    const runId = await sayOnce(admin, conversationId, 'what is wrong in shop?');
    const seen = watchRun(admin, conversationId, runId);
    await admin.until(conversationId, 'model.delta', { runId });
    await strike(name);
    await expectWhole(admin, { conversationId, runId, events: await seen, status: 'completed' });
    expect(await pidOf(name)).toBeGreaterThan(0);
  });
});
