import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@skyflo/service-kit';
import { startWorld, type World } from './a-world.ts';
import { bootPlanner } from './boot-planner.ts';

const endless = Array.from({ length: 10_000 }, (_, n) => `word${n}`).join(' ');

let world: World;
let planner: RunningService;
beforeAll(async () => {
  world = await startWorld();
  const env = world.env({ PLANNER_MAX_RUN_SECONDS: '1', PLANNER_MODEL_RETRY_MS: '60000' });
  planner = await bootPlanner(env);
});
afterAll(async () => {
  await planner.close();
  await world.stop();
});

describe('a run that has worked for as long as it may', () => {
  it('ends as limited in the middle of an answer, and keeps what was said', async () => {
    world.model.script('script', [{ text: endless, delayMs: 20 }]);
    const run = await world.converse().say('tell me everything');
    expect((await run.heard('run.completed.v1')).data).toEqual({
      status: 'limited',
      reason: expect.stringMatching(
        /^The run ended after \d+ seconds of work, which is the longest one run may take\./,
      ),
    });
    const [answer] = run.all('model.completed.v1');
    expect(answer).toMatchObject({ stopped: true, calls: [] });
    expect(endless.startsWith(answer?.text ?? '')).toBe(true);
  });

  it('ends while the model does not say a word', async () => {
    world.model.script('script', [{ fail: 'hang' }]);
    const run = await world.converse().say('hello');
    expect((await run.heard('run.completed.v1')).data.status).toBe('limited');
  });

  it('ends while it waits to try again', async () => {
    world.model.script('script', [{ fail: { status: 429, message: 'slow down', retryAfterSeconds: 60 } }]);
    const run = await world.converse().say('hello');
    expect((await run.heard('run.completed.v1')).data.status).toBe('limited');
    expect(run.all('model.retried.v1')).toMatchObject([{ failure: { code: 'ModelRateLimited' }, afterMs: 60_000 }]);
  });

  it('ends after the calls that are open, which are reported', async () => {
    world.model.script('script', [{ calls: [{ tool: 'change', args: {} }] }]);
    const run = await world.converse().say('scale it');
    const { data: asked } = await run.heard('tool.requested.v1');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await run.finish(asked.callId);
    expect((await run.heard('run.completed.v1')).data.status).toBe('limited');
  });
});
