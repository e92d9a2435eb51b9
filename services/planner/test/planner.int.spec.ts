import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@skyflo/service-kit';
import { startWorld, type World } from './a-world.ts';
import { bootPlanner } from './boot-planner.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const change = { tool: 'change', args: { name: 'checkout', replicas: 3 } };

describe('the planner', () => {
  let planner: RunningService;
  beforeAll(async () => {
    planner = await bootPlanner(world.env());
  });
  afterAll(() => planner.close());

  it('leaves runs of MCP clients to the tool-runner, also in a conversation in which people post', async () => {
    const conversation = world.converse();
    const other = await conversation.say('k8s_get {}', 'MCP');
    world.model.script('script', [{ text: 'All is well.' }]);
    const own = await conversation.say('how are you?');
    expect((await own.heard('run.completed.v1')).data).toEqual({ status: 'completed' });
    expect(other.types()).toEqual(['run.requested.v1']);
    expect(world.told()).not.toContain('k8s_get {}');
  });

  it('reads in parallel and answers from what the tools returned', async () => {
    world.model.script('script', [
      {
        thinking: 'two reads',
        text: 'I look.',
        calls: [
          { tool: 'look', args: { what: 'pods' } },
          { tool: 'look', args: { what: 'events' } },
        ],
      },
      { text: 'All is well.' },
    ]);
    const run = await world.converse().say('what is wrong?');
    expect((await run.heard('run.completed.v1')).data).toEqual({ status: 'completed' });
    expect(run.all('tool.requested.v1').map((data) => data.callId)).toEqual([`${run.runId}.0.0`, `${run.runId}.0.1`]);
    expect(run.all('run.started.v1')).toHaveLength(1);
    const [first, last] = run.all('model.completed.v1');
    expect(first).toMatchObject({
      step: 0,
      text: 'I look.',
      thinking: 'two reads',
      calls: [{ tool: 'look' }, { tool: 'look' }],
    });
    expect(first?.usage.promptTokens).toBeGreaterThan(0);
    expect(last).toMatchObject({ step: 1, text: 'All is well.', calls: [] });
    expect(
      run
        .all('model.delta.v1')
        .filter(({ step, kind }) => step === 1 && kind === 'text')
        .map(({ text }) => text)
        .join(''),
    ).toBe('All is well.');
    expect(world.told()).toContain('pods');
    expect(world.told()).toContain('events');
  });

  it('stores, signs and sends what a model says with halves of characters and NUL in it', async () => {
    world.model.script('script', [
      { text: 'Odd: \0 \ud83d', calls: [{ tool: 'look', args: { what: 'pods\0\ud800' } }] },
      { text: 'Done.' },
    ]);
    const run = await world.converse().say('what is wrong?');
    expect((await run.heard('run.completed.v1')).data).toEqual({ status: 'completed' });
    expect(run.all('model.completed.v1')[0]?.text).toMatch(/^Odd: \uFFFD \uFFFD+$/);
    expect(run.all('tool.requested.v1')[0]?.args).toEqual({ what: expect.stringMatching(/^pods\uFFFD\uFFFD+$/) });
  });

  it('checks a write by code before the model sums it up', async () => {
    world.model.script('script', [{ calls: [change] }, { text: 'It took.' }]);
    const run = await world.converse().say('scale checkout to 3');
    const { data: asked } = await run.heard('tool.requested.v1');
    expect(asked).toMatchObject({
      purpose: 'model',
      afterUntrustedText: false,
      requestedBy: { email: 'mara@example.org' },
    });
    await run.finish(asked.callId, {
      text: 'scaled',
      checks: [
        { tool: 'check', args: {}, expected: '3 ready', facts: { ready: 3 } },
        { tool: 'check', args: {}, expected: '4 ready', facts: { ready: 4 } },
        { tool: 'check', args: {}, expected: 'it is rolled out', facts: { done: true } },
      ],
    });
    await run.heard('run.completed.v1');
    expect(run.all('tool.requested.v1').slice(1)).toMatchObject([
      { callId: `${run.runId}.1.0`, purpose: 'verification' },
      { callId: `${run.runId}.1.1`, purpose: 'verification' },
      { callId: `${run.runId}.1.2`, purpose: 'verification' },
    ]);
    expect(run.all('run.verified.v1')).toEqual([
      {
        step: 0,
        checks: [
          { callId: asked.callId, expected: '3 ready', observed: 'ready = 3', holds: true },
          { callId: asked.callId, expected: '4 ready', observed: 'ready = 3', holds: false },
          {
            callId: asked.callId,
            expected: 'it is rolled out',
            observed: 'Deployment shop/checkout is rolled out: 3 of 3 pods ready.',
            holds: true,
          },
        ],
      },
    ]);
    expect(world.told()).toContain('does not hold: expected 4 ready; observed ready = 3');
    expect(world.told()).toContain('holds: expected it is rolled out; observed Deployment shop/checkout is rolled out');
    expect(run.all('model.completed.v1').map(({ step }) => step)).toEqual([0, 2]);
  });

  it('tells the model who refused, why, and that nothing was changed', async () => {
    world.model.script('script', [{ calls: [change] }, { text: 'Then not.' }]);
    const run = await world.converse().say('scale checkout to 3');
    const { data: asked } = await run.heard('tool.requested.v1');
    await run.askPerson(asked.callId);
    await run.refuse(asked.callId, 'not on a Friday');
    expect((await run.heard('run.completed.v1')).data.status).toBe('completed');
    for (const words of ['status: refused', 'by: mara@example.org', 'reason: not on a Friday', 'Nothing was changed'])
      expect(world.told()).toContain(words);
  });

  it('answers calls itself that cannot be sent on, and lists only the others', async () => {
    world.model.script('script', [
      {
        calls: [
          { tool: 'invented', args: {} },
          { tool: 'look', args: '{"what": ' },
          { tool: 'look', args: { what: 'it' } },
        ],
      },
      { text: 'Sorry.' },
    ]);
    const run = await world.converse().say('do something');
    await run.heard('run.completed.v1');
    expect(run.all('tool.requested.v1').map(({ callId }) => callId)).toEqual([`${run.runId}.0.2`]);
    expect(run.all('model.completed.v1')[0]?.calls).toHaveLength(1);
    expect(world.told()).toContain("There is no tool 'invented'.");
    expect(world.told()).toContain('ArgumentsMalformed');
  });

  it('stops in the middle of an answer and keeps what was said', async () => {
    const words = Array.from({ length: 200 }, (_, n) => `word${n}`).join(' ');
    world.model.script('script', [{ text: words, delayMs: 10 }]);
    const run = await world.converse().say('tell me everything');
    await run.heard('model.delta.v1', 2);
    await run.stop();
    expect((await run.heard('run.completed.v1')).data).toMatchObject({
      status: 'stopped',
      reason: 'mara@example.org stopped the run.',
    });
    const [completed] = run.all('model.completed.v1');
    expect(completed).toMatchObject({ stopped: true, calls: [] });
    expect(words.startsWith(completed?.text ?? 'nothing')).toBe(true);
    expect(completed?.text.length).toBeGreaterThan(0);
  });

  it('ends a stopped run only when its open calls are closed', async () => {
    world.model.script('script', [{ calls: [change] }]);
    const run = await world.converse().say('scale checkout to 3');
    const { data: asked } = await run.heard('tool.requested.v1');
    await run.stop();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(run.types()).not.toContain('run.completed.v1');
    await run.finish(asked.callId);
    expect((await run.heard('run.completed.v1')).data.status).toBe('stopped');
  });

  it('works the messages of a conversation off one after the other', async () => {
    world.model.script('script', [
      { match: 'first', text: 'one two three four five six', delayMs: 15 },
      { match: 'second', text: 'and the second' },
    ]);
    const conversation = world.converse();
    const first = await conversation.say('first');
    await first.heard('run.started.v1');
    const second = await conversation.say('second');
    await second.heard('run.completed.v1');
    const started = conversation.events.seen.findIndex((e) => e.type === 'run.started.v1' && e.runid === second.runId);
    const ended = conversation.events.seen.findIndex((e) => e.type === 'run.completed.v1' && e.runid === first.runId);
    expect(ended).toBeGreaterThan(-1);
    expect(started).toBeGreaterThan(ended);
    expect(world.told()).toContain('one two three four five six');
  });

  it('lets the next message have its turn while a run waits for a person', async () => {
    world.model.script('script', [
      { match: 'scale', round: 0, calls: [change] },
      { match: 'scale', round: 1, text: 'scaled' },
      { match: 'meanwhile', text: 'Still waiting for approval.' },
    ]);
    const conversation = world.converse();
    const waiting = await conversation.say('scale it');
    const { data: asked } = await waiting.heard('tool.requested.v1');
    await waiting.askPerson(asked.callId);
    const next = await conversation.say('meanwhile');
    expect((await next.heard('run.completed.v1')).data.status).toBe('completed');
    expect(world.told()).toContain('status: open');
    await waiting.finish(asked.callId);
    expect((await waiting.heard('run.completed.v1')).data.status).toBe('completed');
  });

  it('tries again when the model has trouble, and says so', async () => {
    world.model.script('script', [{ fail: { status: 500, message: 'overloaded' } }, { text: 'here I am' }]);
    const run = await world.converse().say('hello');
    expect((await run.heard('run.completed.v1')).data.status).toBe('completed');
    expect(run.all('model.retried.v1')).toMatchObject([
      { step: 0, afterMs: 20, failure: { code: 'ModelUnavailable' } },
    ]);
    expect(run.all('model.completed.v1')).toMatchObject([{ text: 'here I am' }]);
  });

  it('does not take a broken stream for an answer', async () => {
    world.model.script('script', [{ text: 'half an answer', fail: 'cut' }, { text: 'a whole answer' }]);
    const run = await world.converse().say('hello');
    await run.heard('run.completed.v1');
    expect(run.all('model.retried.v1')).toHaveLength(1);
    expect(run.all('model.completed.v1')).toMatchObject([{ text: 'a whole answer' }]);
  });

  it('fails with words that help when the model cannot be had', async () => {
    world.model.script('script', [{ fail: { status: 401, message: 'no such key' } }]);
    const run = await world.converse().say('hello');
    const { data: end } = await run.heard('run.completed.v1');
    expect(end).toMatchObject({ status: 'failed', failure: { code: 'ModelRefusedKey' } });
    expect(end.reason).toBe('The model did not answer: it does not accept our key (401). no such key.');
    expect(run.all('model.failed.v1')).toHaveLength(1);
  });

  it('ends a run that has used up its calls with a sentence', async () => {
    const look = { tool: 'look', args: { what: 'again' } };
    world.model.script('script', [{ times: 99, calls: [look, look, look, look] }]);
    const run = await world.converse().say('look for ever');
    const { data: end } = await run.heard('run.completed.v1');
    expect(end).toMatchObject({ status: 'limited' });
    expect(end.reason).toContain('tool calls');
    expect(run.all('tool.requested.v1')).toHaveLength(6);
  });

  it('shows the model few tools, and those it loads from its next step on, whoever works the run by then', async () => {
    const before = world.shown().length;
    world.model.script('script', [
      { calls: [{ tool: 'toolset_load', args: { toolset: 'charts' } }] },
      { text: 'I can see charts now.' },
    ]);
    const conversation = world.converse();
    const run = await conversation.say('what charts are there?');
    await run.heard('run.completed.v1');
    await planner.close();
    planner = await bootPlanner(world.env());
    world.model.script('script', [{ text: 'I still can.' }]);
    await (await conversation.say('and now?')).heard('run.completed.v1');
    world.model.script('script', [{ text: 'I know nothing of it.' }]);
    await (await world.converse().say('hello')).heard('run.completed.v1');
    const [first, ...later] = world.shown().slice(before);
    expect(first).toEqual(['change', 'check', 'look', 'toolset_load']);
    expect(later).toEqual([[...(first ?? []), 'chart'], [...(first ?? []), 'chart'], first]);
  });

  it('lets the model use a tool whose toolset it has not loaded', async () => {
    world.model.script('script', [{ calls: [{ tool: 'chart', args: {} }] }, { text: 'Seen.' }]);
    const run = await world.converse().say('what charts are there?');
    const { data } = await run.heard('tool.requested.v1');
    await run.finish(data.callId);
    await run.heard('run.completed.v1');
    expect(world.shown().at(-1)).toContain('chart');
  });
});
