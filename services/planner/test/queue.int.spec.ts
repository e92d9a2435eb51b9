import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, PersonId } from '@skyflo/contracts';
import type { RunningService } from '@skyflo/service-kit';
import { startWorld, type World } from './a-world.ts';
import { bootPlanner } from './boot-planner.ts';

const change = { tool: 'change', args: { name: 'checkout', replicas: 3 } };
const ines = { id: PersonId.parse(newId()), email: 'ines@example.org' };
const slow = { text: Array.from({ length: 3_000 }, (_, n) => `word${n}`).join(' '), delayMs: 10 };

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

/** A conversation whose first run is talking until it is stopped. */
async function aBusyConversation() {
  world.model.script('script', [
    { match: 'talk', ...slow },
    { match: 'quick', times: 99, text: 'Done.' },
  ]);
  const conversation = world.converse();
  const talking = await conversation.say('talk');
  await talking.heard('model.delta.v1');
  return { conversation, talking };
}

/** Which runs were started, in their order. */
function startedIn({ events }: ReturnType<World['converse']>) {
  return events.seen.filter(({ type }) => type === 'run.started.v1').map(({ runid }) => runid);
}

describe('a queued message', () => {
  it('can be withdrawn, is never worked on, and the model is not told of it', async () => {
    const { conversation, talking } = await aBusyConversation();
    const taken = await conversation.say('quick, delete everything');
    const kept = await conversation.say('quick question');
    await expect(taken.withdraw()).resolves.toEqual({ outcome: 'accepted' });
    expect((await taken.heard('run.completed.v1')).data).toEqual({
      status: 'withdrawn',
      reason: 'mara@example.org withdrew the message before it was worked on.',
    });
    await talking.stop();
    await kept.heard('run.completed.v1');
    expect(world.told()).toContain('quick question');
    expect(world.told()).not.toContain('delete everything');
    expect(taken.types()).toEqual(['run.requested.v1', 'run.withdrawn.v1', 'run.completed.v1']);
    expect(startedIn(conversation)).toEqual([talking.runId, kept.runId]);
  });

  it('is withdrawn once: the same person hears it again, another hears who it was', async () => {
    const { conversation, talking } = await aBusyConversation();
    const taken = await conversation.say('quick');
    const answers = await Promise.all(Array.from({ length: 8 }, () => taken.withdraw()));
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', ...Array(7).fill('repeated')]);
    await expect(taken.withdraw(ines)).resolves.toMatchObject({ outcome: 'conflict' });
    await expect(taken.sendNow()).resolves.toMatchObject({ outcome: 'conflict' });
    await talking.stop();
    await talking.heard('run.completed.v1');
    expect(taken.all('run.completed.v1')).toHaveLength(1);
  });

  it('cannot be withdrawn once it is worked on, waits for a person, or is over', async () => {
    world.model.script('script', [{ calls: [change] }, { text: 'Done.' }]);
    const run = await world.converse().say('scale it');
    const { data: asked } = await run.heard('tool.requested.v1');
    const late = { outcome: 'conflict', message: 'This message is being worked on already; its run can be stopped.' };
    await expect(run.withdraw()).resolves.toEqual(late);
    await run.askPerson(asked.callId);
    await expect(run.withdraw()).resolves.toEqual(late);
    await expect(run.sendNow()).resolves.toEqual(late);
    await run.finish(asked.callId);
    await run.heard('run.completed.v1');
    await expect(run.withdraw()).resolves.toMatchObject({
      outcome: 'conflict',
      message: expect.stringMatching(/over/),
    });
  });

  it('is withdrawn or worked on, never both, however close it is', async () => {
    world.model.script('script', [{ match: 'quick', times: 99, text: 'Done.' }]);
    for (let round = 0; round < 25; round += 1) {
      const run = world.converse().prepare('quick');
      const [, { outcome }] = await Promise.all([run.say(), run.withdraw()]);
      const { data: end } = await run.heard('run.completed.v1');
      expect(end.status).toBe(outcome === 'accepted' ? 'withdrawn' : 'completed');
      expect(run.types().includes('run.started.v1')).toBe(outcome === 'conflict');
    }
  });

  it('can be withdrawn before it has come here', async () => {
    world.model.script('script', [{ match: 'quick', text: 'Done.' }]);
    const run = world.converse().prepare('quick');
    await expect(run.withdraw()).resolves.toEqual({ outcome: 'accepted' });
    await expect(run.withdraw()).resolves.toEqual({ outcome: 'repeated' });
    await run.say();
    expect((await run.heard('run.completed.v1')).data.status).toBe('withdrawn');
    expect(run.types()).toEqual(['run.requested.v1', 'run.withdrawn.v1', 'run.completed.v1']);
  });
});

describe('a message that is sent now', () => {
  it('goes past the others, and stops the one that works', async () => {
    const { conversation, talking } = await aBusyConversation();
    const second = await conversation.say('quick second');
    const third = await conversation.say('quick third');
    await expect(third.sendNow()).resolves.toEqual({ outcome: 'accepted' });
    await expect(third.sendNow()).resolves.toEqual({ outcome: 'repeated' });
    expect((await talking.heard('run.completed.v1')).data).toEqual({
      status: 'stopped',
      reason: 'mara@example.org stopped the run.',
    });
    await Promise.all([second.heard('run.completed.v1'), third.heard('run.completed.v1')]);
    expect(startedIn(conversation)).toEqual([talking.runId, third.runId, second.runId]);
    expect(third.all('run.moved-up.v1')).toMatchObject([{ by: { email: 'mara@example.org' } }]);
    expect(talking.all('run.stop-requested.v1')).toHaveLength(1);
    await expect(third.sendNow()).resolves.toEqual({ outcome: 'repeated' });
    await expect(second.sendNow()).resolves.toMatchObject({ outcome: 'conflict' });
    // The last to be asked is told what went before it, in the order in which it happened.
    expect(world.told()).toMatch(/talk.*quick third.*Done\..*quick second/);
  });

  it('waits for the write of the run it stops, which ends and is reported', async () => {
    world.model.script('script', [
      { match: 'scale', calls: [change] },
      { match: 'quick', text: 'Done.' },
    ]);
    const conversation = world.converse();
    const writing = await conversation.say('scale it');
    const { data: asked } = await writing.heard('tool.requested.v1');
    const next = await conversation.say('quick');
    await next.sendNow();
    await writing.heard('run.stop-requested.v1');
    expect(startedIn(conversation)).toEqual([writing.runId]);
    await writing.finish(asked.callId);
    await next.heard('run.completed.v1');
    expect((await writing.heard('run.completed.v1')).data.status).toBe('stopped');
  });

  it('is next also when it has yet to come here', async () => {
    const { conversation, talking } = await aBusyConversation();
    const waiting = await conversation.say('quick second');
    const urgent = conversation.prepare('quick third');
    await expect(urgent.sendNow()).resolves.toEqual({ outcome: 'accepted' });
    await urgent.say();
    await Promise.all([waiting.heard('run.completed.v1'), urgent.heard('run.completed.v1')]);
    expect(startedIn(conversation)).toEqual([talking.runId, urgent.runId, waiting.runId]);
    expect((await talking.heard('run.completed.v1')).data.status).toBe('stopped');
  });

  it('can be withdrawn as long as it waits', async () => {
    world.model.script('script', [
      { match: 'scale', calls: [change] },
      { match: 'quick', text: 'Done.' },
    ]);
    const conversation = world.converse();
    const writing = await conversation.say('scale it');
    const { data: asked } = await writing.heard('tool.requested.v1');
    const next = await conversation.say('quick');
    await next.sendNow();
    await expect(next.withdraw()).resolves.toEqual({ outcome: 'accepted' });
    await writing.finish(asked.callId);
    await writing.heard('run.completed.v1');
    expect((await next.heard('run.completed.v1')).data.status).toBe('withdrawn');
  });
});
