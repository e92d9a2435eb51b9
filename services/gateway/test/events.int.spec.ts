import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bus, generateServiceKey } from '@skyflo/bus';
import { ModelDelta, ModelStarted, RunStarted } from '@skyflo/contracts';
import { toCursor } from '../src/domain/cursor.ts';
import { aGateway, type Gateway, speakerOf } from './a-gateway.ts';
import { everybody, type SignedIn } from './people-of-the-tests.ts';
import { type OpenedStream, readStream, type SseFrame } from './read-stream.ts';

let gateway: Gateway;
let planner: Bus;
let operator: SignedIn;
const opened: OpenedStream[] = [];

beforeAll(async () => {
  gateway = await aGateway();
  [planner, { operator }] = await Promise.all([gateway.busOf('planner'), everybody(gateway)]);
});
afterEach(() => {
  for (const stream of opened.splice(0)) stream.close();
});
afterAll(() => gateway.close());

type Talk = { readonly id: string; readonly runId: string };

async function aTalk(): Promise<Talk> {
  const { token } = operator;
  const { body } = await gateway.call('POST', '/conversations', { token, body: { title: 'Shop' } });
  const { id } = body as { id: string };
  const posted = await gateway.call('POST', `/conversations/${id}/messages`, { token, body: { content: 'hello' } });
  return { id, runId: (posted.body as { runId: string }).runId };
}

async function open(
  { id }: Talk,
  { cursor = '', lastEventId, token = operator.token }: { cursor?: string; lastEventId?: string; token?: string } = {},
): Promise<OpenedStream> {
  const stream = await readStream(`${gateway.url}/api/v1/conversations/${id}/events${cursor}`, {
    authorization: `Bearer ${token}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  });
  opened.push(stream);
  return stream;
}

const stepOf = ({ data }: SseFrame) => (data as { data: { step: number } }).data.step;
const idOf = (frames: readonly SseFrame[], n: number) => frames[n]?.id ?? '';

describe('the event stream of a conversation', () => {
  it('tells everything from the beginning, in its public view, and goes on live', async () => {
    const talk = await aTalk();
    const stream = await open(talk);
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.headers.get('x-accel-buffering')).toBe('no');
    const [created, requested] = await stream.frames(2);
    expect(created).toMatchObject({ event: 'conversation.created', data: { data: { title: 'Shop' } } });
    expect(requested).toMatchObject({
      event: 'run.requested',
      data: { type: 'run.requested.v1', runid: talk.runId, data: { content: 'hello' } },
    });
    expect(Object.keys(requested?.data ?? {})).not.toEqual(expect.arrayContaining(['sig']));

    await speakerOf(gateway, planner)(RunStarted, talk.id, talk.runId, { model: 'rules' });
    const said = { step: 0, attempt: 1, offset: 0, kind: 'text', text: 'All is well:\nreally' } as const;
    planner.delta(ModelDelta, { conversationId: talk.id, runId: talk.runId, data: said });
    const frames = await stream.frames(4);
    expect(frames.slice(2)).toMatchObject([{ event: 'run.started' }, { event: 'model.delta', data: { data: said } }]);
  });

  it('goes on after a cursor or a Last-Event-ID, and the header counts more', async () => {
    const talk = await aTalk();
    const frames = await (await open(talk)).frames(2);
    const byQuery = await open(talk, { cursor: `?cursor=${idOf(frames, 0)}` });
    expect((await byQuery.frames(1))[0]?.event).toBe('run.requested');
    const byHeader = await open(talk, { cursor: `?cursor=${idOf(frames, 0)}`, lastEventId: idOf(frames, 1) });
    await speakerOf(gateway, planner)(RunStarted, talk.id, talk.runId, { model: 'rules' });
    expect((await byHeader.frames(1))[0]?.event).toBe('run.started');
  });

  it('resumes over a restart of the gateway with no gap and no duplicate', async () => {
    const talk = await aTalk();
    const say = speakerOf(gateway, planner);
    const step = (n: number) => say(ModelStarted, talk.id, talk.runId, { step: n, attempt: 1, model: 'rules' });
    for (let n = 0; n < 20; n += 1) await step(n);
    const before = await open(talk);
    const seen = [...(await before.frames(12))];
    await gateway.stop();
    await before.ended;
    for (let n = 20; n < 30; n += 1) await step(n);
    await gateway.start();
    const after = await open(talk, { lastEventId: idOf(seen, seen.length - 1) });
    for (let n = 30; n < 40; n += 1) await step(n);
    const steps = [...seen.slice(2), ...(await after.frames(42 - seen.length))].map(stepOf);
    expect(steps).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('says reset where the place is of another stream or cannot be read, and ends', async () => {
    const talk = await aTalk();
    const foreign = toCursor({ incarnation: 'another', sequence: 1 });
    for (const about of [{ cursor: `?cursor=${foreign}` }, { lastEventId: foreign }, { lastEventId: 'garbage' }]) {
      const stream = await open(talk, about);
      expect(await stream.frames(1)).toMatchObject([{ event: 'reset', id: '' }]);
      await stream.ended;
    }
    const { token } = operator;
    expect(await gateway.call('GET', `/conversations/${talk.id}/events?cursor=garbage`, { token })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'query.cursor' }] },
    });
  });

  it('leaves out what nobody can prove to have said', async () => {
    const talk = await aTalk();
    const stream = await open(talk);
    await speakerOf(gateway, planner, generateServiceKey('planner').signingKey)(RunStarted, talk.id, talk.runId, {
      model: 'forged',
    });
    await speakerOf(gateway, planner)(RunStarted, talk.id, talk.runId, { model: 'rules' });
    const frames = await stream.frames(3);
    expect(frames[2]).toMatchObject({ event: 'run.started', data: { data: { model: 'rules' } } });
  });

  it('shows that it lives by comments, and ends when its reader may no longer read', async () => {
    const talk = await aTalk();
    const stream = await open(talk);
    expect(await stream.comments(2)).toBeGreaterThanOrEqual(2);
    await gateway.sql('update people set active = false where id = $1', [operator.person.id]);
    await stream.ended;
    await gateway.sql('update people set active = true where id = $1', [operator.person.id]);
  });
});

describe('a service that does not answer', () => {
  it('is a 503 that says when to come back', async () => {
    const talk = await aTalk();
    const { token } = operator;
    const answer = await gateway.call('GET', `/conversations/${talk.id}`, { token });
    expect(answer).toMatchObject({ status: 503, body: { code: 'QuestionUnanswered' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await gateway.call('GET', '/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', services: { gateway: 'ready', persistence: 'unavailable' } },
    });
  });
});
