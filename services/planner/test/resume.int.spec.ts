import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { freePort, waitFor } from '@skyflo/local/servers';
import { startWorld, type World } from './a-world.ts';
import { buildPlanner, end, type PlannerProgram } from './start-planner.ts';

// Processes are started here, on machines that have other things to do.
jest.setTimeout(90_000);

const change = { tool: 'change', args: { name: 'checkout', replicas: 3 } };
const look = { tool: 'look', args: { what: 'pods' } };
const slow = { text: Array.from({ length: 500 }, (_, n) => `word${n}`).join(' '), delayMs: 20 };
type Run = Awaited<ReturnType<ReturnType<World['converse']>['say']>>;

let world: World;
let program: PlannerProgram;
const living: ChildProcess[] = [];
beforeAll(async () => {
  // What a killed planner had in hand comes again after this long, in production after ten seconds.
  [world, program] = await Promise.all([startWorld({ ackWaitMs: 2_000 }), buildPlanner()]);
});
let before = 0;
beforeEach(() => {
  before = world.model.requests('script').length;
});
afterEach(async () => {
  await Promise.all(living.splice(0).map((planner) => end(planner, 'SIGKILL')));
});
afterAll(() => Promise.all([world.stop(), program.remove()]));

/** Its leases outlast the test: whatever goes on does so because the next process took them back. */
function start(over: NodeJS.ProcessEnv = {}): ChildProcess {
  const planner = program.start(world, { PLANNER_LEASE_SECONDS: '3600', PLANNER_REPLICA: 'one', ...over });
  living.push(planner);
  return planner;
}

async function kill(planner: ChildProcess): Promise<void> {
  living.splice(living.indexOf(planner), 1);
  await end(planner, 'SIGKILL');
}

function modelCalls(): number {
  return world.model.requests('script').length - before;
}

/** What holds for every run, whatever happened to its planners. */
function expectOnce(run: Run): void {
  for (const type of ['run.started.v1', 'run.completed.v1'] as const) expect(run.all(type)).toHaveLength(1);
  const steps = run.all('model.completed.v1').map(({ step }) => step);
  expect(new Set(steps).size).toBe(steps.length);
  const calls = run.all('tool.requested.v1').map(({ callId }) => callId);
  expect(new Set(calls).size).toBe(calls.length);
}

describe('a run whose planner is killed', () => {
  it('goes on when the model has not begun to answer', async () => {
    world.model.script('script', [{ fail: 'hang' }, { text: 'All is well.' }]);
    const first = start();
    const run = await world.converse().say('what is wrong?');
    await run.heard('model.started.v1');
    // Said beside the call, so it may be heard before the model is asked.
    await waitFor(async () => modelCalls() === 1, { timeoutMs: 60_000, everyMs: 20, what: 'the model to be asked' });
    await kill(first);
    start();
    expect((await run.heard('run.completed.v1')).data.status).toBe('completed');
    expect(run.all('model.completed.v1')).toMatchObject([{ step: 0, text: 'All is well.' }]);
    expectOnce(run);
  });

  it('goes on when the model was in the middle of its answer, which is begun again under a higher attempt', async () => {
    world.model.script('script', [slow, { text: 'All is well.' }]);
    const first = start();
    const run = await world.converse().say('what is wrong?');
    await run.heard('model.delta.v1', 3);
    await kill(first);
    start();
    await run.heard('run.completed.v1');
    expect(run.all('model.completed.v1')).toMatchObject([{ step: 0, attempt: 2, text: 'All is well.' }]);
    expect(modelCalls()).toBe(2);
    expectOnce(run);
  });

  it('goes on when it waits for a call that is answered meanwhile, without asking the model again', async () => {
    world.model.script('script', [{ calls: [change, look] }, { text: 'Done.' }]);
    const first = start();
    const run = await world.converse().say('scale it');
    const { data: asked } = await run.heard('tool.requested.v1');
    await run.heard('tool.finished.v1');
    await kill(first);
    await run.finish(asked.callId);
    start();
    await run.heard('run.completed.v1');
    expect(run.all('model.completed.v1').map(({ step }) => step)).toEqual([0, 1]);
    expect(modelCalls()).toBe(2);
    expectOnce(run);
  });

  it('goes on when it waits for a person', async () => {
    world.model.script('script', [{ calls: [change] }, { text: 'Then not.' }]);
    const first = start();
    const run = await world.converse().say('scale it');
    const { data: asked } = await run.heard('tool.requested.v1');
    await run.askPerson(asked.callId);
    await kill(first);
    const second = start();
    await run.refuse(asked.callId, 'not on a Friday');
    await run.heard('run.completed.v1');
    expect(world.told()).toContain('not on a Friday');
    expect(modelCalls()).toBe(2);
    expectOnce(run);
    await kill(second);
  });

  it('goes on in the middle of a verification, and compares once', async () => {
    world.model.script('script', [{ calls: [change] }, { text: 'It took.' }]);
    const first = start();
    const run = await world.converse().say('scale it');
    const { data: asked } = await run.heard('tool.requested.v1');
    world.holdChecks();
    await run.finish(asked.callId, { checks: [{ tool: 'check', args: {}, expected: '3 ready', facts: { ready: 3 } }] });
    await run.heard('tool.requested.v1', 1);
    await kill(first);
    await world.answerChecks();
    start();
    await run.heard('run.completed.v1');
    expect(run.all('run.verified.v1')).toMatchObject([{ step: 0, checks: [{ expected: '3 ready', holds: true }] }]);
    expect(modelCalls()).toBe(2);
    expectOnce(run);
  });

  it('ends once when it was about to end', async () => {
    world.model.script('script', [{ text: 'All is well.' }]);
    const first = start();
    const run = await world.converse().say('what is wrong?');
    await run.heard('model.completed.v1');
    await kill(first);
    start();
    await run.heard('run.completed.v1');
    expect(modelCalls()).toBe(1);
    expectOnce(run);
  });

  it('is followed by another replica when its lease has run out, with one answer for each step', async () => {
    world.model.script('script', [
      { round: 0, calls: [look] },
      { round: 1, ...slow },
    ]);
    const first = start({ PLANNER_LEASE_SECONDS: '1' });
    const run = await world.converse().say('what is wrong?');
    // Said beside the call, and so perhaps after its first words.
    await Promise.all([run.heard('model.delta.v1'), run.heard('model.started.v1', 1)]);
    await kill(first);
    world.model.script('script', [{ round: 1, text: 'All is well.' }]);
    start({ PLANNER_LEASE_SECONDS: '1', PLANNER_REPLICA: 'two' });
    expect((await run.heard('run.completed.v1')).data.status).toBe('completed');
    expect(run.all('model.completed.v1')).toMatchObject([
      { step: 0, text: '' },
      { step: 1, text: 'All is well.' },
    ]);
    const started = run.all('model.started.v1').filter(({ step }) => step === 1);
    expect(started).toHaveLength(2);
    expect(started[1]?.attempt).toBeGreaterThan(started[0]?.attempt ?? 0);
    expect(run.all('tool.requested.v1')).toHaveLength(1);
    expectOnce(run);
  });

  it('ends, like all others, however often that happens', async () => {
    world.model.script('script', [
      { match: 'look', round: 0, times: 99, text: 'I look.', calls: [look], delayMs: 50 },
      { match: 'look', round: 1, times: 99, text: 'one two three four five six seven eight', delayMs: 50 },
    ]);
    const runs = await Promise.all(Array.from({ length: 8 }, () => world.converse().say('look around')));
    for (const moment of ['model.started.v1', 'model.delta.v1', 'model.completed.v1', 'tool.finished.v1'] as const) {
      const planner = start();
      await Promise.race(runs.map((run) => run.heard(moment, run.all(moment).length)));
      await kill(planner);
    }
    start();
    const ends = await Promise.all(runs.map((run) => run.heard('run.completed.v1')));
    expect(ends.map(({ data }) => data.status)).toEqual(Array(8).fill('completed'));
    runs.forEach(expectOnce);
  });
});

describe('a planner that is paused longer than its lease', () => {
  it('is overtaken by another replica, and writes nothing when it wakes', async () => {
    world.model.script('script', [slow, { text: 'All is well.' }, { match: 'awake', times: 99, text: 'Yes.' }]);
    const paused = start({ PLANNER_LEASE_SECONDS: '1' });
    const run = await world.converse().say('what is wrong?');
    await run.heard('model.delta.v1', 3);
    paused.kill('SIGSTOP');
    const other = start({ PLANNER_LEASE_SECONDS: '1', PLANNER_REPLICA: 'two' });
    await run.heard('run.completed.v1');
    await kill(other);
    paused.kill('SIGCONT');
    // Whoever works this off is awake and has passed everything that it was about to do.
    await (await world.converse().say('are you awake?')).heard('run.completed.v1');
    expect(run.all('model.completed.v1')).toMatchObject([{ step: 0, attempt: 2, text: 'All is well.' }]);
    expectOnce(run);
  });
});

describe('a planner whose model is not there', () => {
  // In a process: within Jest the errors of `fetch` are of another realm, and their causes not to be told.
  it('tries again, then fails the run with the reason and where to look', async () => {
    start({ PLANNER_MODEL_URL: `http://127.0.0.1:${await freePort()}/v1` });
    const run = await world.converse().say('hello');
    const { data: end } = await run.heard('run.completed.v1');
    expect(end).toMatchObject({ status: 'failed', failure: { code: 'ModelUnreachable' } });
    expect(end.reason).toMatch(/^The model did not answer: the connection failed \(.*ECONNREFUSED.*\)\.$/);
    expect(end.failure?.hint).toBe('Check that the model server is running and that its address is right.');
    expect(run.all('model.retried.v1')).toHaveLength(1);
    expect(run.all('model.failed.v1')).toHaveLength(1);
  });
});
