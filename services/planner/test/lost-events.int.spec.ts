import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@skyflo/service-kit';
import { startWorld, type World } from './a-world.ts';
import { bootPlanner } from './boot-planner.ts';

const change = { tool: 'change', args: { name: 'checkout', replicas: 3 } };
const words = /^The gate could not handle .*under dead letters/;

describe('a run one of whose events a service gave up', () => {
  let world: World;
  let planner: RunningService;
  beforeAll(async () => {
    world = await startWorld();
    planner = await bootPlanner(world.env());
  });
  afterAll(async () => {
    await planner.close();
    await world.stop();
  });

  it('fails with words that help, though its call was never answered, and the next message has its turn', async () => {
    world.model.script('script', [{ calls: [change] }, { text: 'Hello.' }]);
    const conversation = world.converse();
    const run = await conversation.say('scale checkout to 3');
    await run.heard('tool.requested.v1');
    await run.giveUp('tool.requested.v1');
    expect((await run.heard('run.completed.v1')).data).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(words),
      failure: { code: 'EventNotHandled' },
    });
    const next = await conversation.say('are you there?');
    expect((await next.heard('run.completed.v1')).data).toEqual({ status: 'completed' });
  });

  it('stays ended whatever is handled later, and ends once however many of its events are given up', async () => {
    world.model.script('script', [{ calls: [change] }, { text: 'I know what became of it.' }]);
    const conversation = world.converse();
    const run = await conversation.say('scale checkout to 3');
    const { data: asked } = await run.heard('tool.requested.v1');
    await run.askPerson(asked.callId);
    await run.giveUp('tool.planned.v1');
    await run.heard('run.completed.v1');
    await run.giveUp('approval.requested.v1');
    await run.finish(asked.callId, { text: 'scaled after all' });
    const next = await conversation.say('and?');
    await next.heard('run.completed.v1');
    expect(run.all('run.completed.v1')).toHaveLength(1);
    expect(run.all('model.completed.v1')).toHaveLength(1);
  });

  it('is cut short while the model speaks', async () => {
    const text = Array.from({ length: 2_000 }, (_, n) => `word${n}`).join(' ');
    world.model.script('script', [{ text, delayMs: 50 }]);
    const run = await world.converse().say('tell me everything');
    await run.heard('model.delta.v1', 2);
    await run.giveUp('run.started.v1');
    expect((await run.heard('run.completed.v1')).data).toMatchObject({ status: 'failed' });
    expect(run.all('model.completed.v1')).toMatchObject([{ stopped: true, calls: [] }]);
  });

  it('fails also where it is the one that asks for the run, and never begins when that is handled after all', async () => {
    world.model.script('script', [{ text: 'Hello.' }]);
    const conversation = world.converse();
    const run = conversation.prepare('hello?');
    await run.giveUp('run.requested.v1');
    await run.untilGivenUp();
    await run.say();
    expect((await run.heard('run.completed.v1')).data).toMatchObject({
      status: 'failed',
      failure: { code: 'EventNotHandled' },
    });
    const next = await conversation.say('are you there?');
    expect((await next.heard('run.completed.v1')).data).toEqual({ status: 'completed' });
    expect(run.types().toSorted()).toEqual(['run.completed.v1', 'run.requested.v1']);
  });
});
