import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AnswerOf,
  type AskedOf,
  callIdOf,
  type Conversation,
  DecideApproval,
  FindApprovals,
  FindConversation,
  FindConversations,
  FindQueue,
  FindTools,
  newId,
  type Role,
  SendRunNow,
  WithdrawRun,
} from '@skyflo/contracts';
import { aGateway, type Gateway } from './a-gateway.ts';
import { everybody, type SignedIn } from './people-of-the-tests.ts';

let gateway: Gateway;
let who: Record<Role | 'otherOperator', SignedIn>;

/** What the other services would say; a test changes it. */
const recorded = new Map<string, Conversation>();
const asked: { approvals: AskedOf<typeof FindApprovals>[]; decisions: AskedOf<typeof DecideApproval>[] } = {
  approvals: [],
  decisions: [],
};
let decision: AnswerOf<typeof DecideApproval> = { outcome: 'accepted' };
const ofQueue: { question: string; about: AskedOf<typeof WithdrawRun> }[] = [];
let queueAnswer: AnswerOf<typeof WithdrawRun> = { outcome: 'accepted' };

beforeAll(async () => {
  gateway = await aGateway();
  const [persistence, gate, runner, planner] = await Promise.all([
    gateway.busOf('persistence'),
    gateway.busOf('gate'),
    gateway.busOf('tool-runner'),
    gateway.busOf('planner'),
  ]);
  persistence.answer(FindConversation, async ({ conversationId }) => ({
    conversation: recorded.get(conversationId) ?? null,
    streamSequence: 1,
  }));
  persistence.answer(FindConversations, async ({ owner }) => ({
    items: [...recorded.values()]
      .filter((one) => owner === undefined || one.owner?.id === owner)
      .map(({ id, title, createdAt }) => ({ id, title, createdAt })),
  }));
  gate.answer(FindApprovals, async (question) => {
    asked.approvals.push(question);
    return { items: [] };
  });
  gate.answer(DecideApproval, async (question) => {
    asked.decisions.push(question);
    return decision;
  });
  runner.answer(FindTools, async (): Promise<AnswerOf<typeof FindTools>> => ({
    tools: [],
    clusters: [{ name: 'sandbox', state: 'preparing', message: 'about 3 minutes left', minutesLeft: 3, guardLevel: 1 }],
  }));
  planner.answer(FindQueue, async () => ({ turn: null, queued: [] }));
  for (const question of [WithdrawRun, SendRunNow])
    planner.answer(question, async (about) => {
      ofQueue.push({ question: question.name, about });
      return queueAnswer;
    });
  who = await everybody(gateway);
});
afterAll(() => gateway.close());
afterEach(() => {
  recorded.clear();
  asked.approvals.length = 0;
  asked.decisions.length = 0;
});

async function aConversation({ token }: SignedIn, title?: string): Promise<string> {
  const { body } = await gateway.call('POST', '/conversations', { token, body: { title } });
  return (body as { id: string }).id;
}
const post = ({ token }: SignedIn, id: string, content: unknown) =>
  gateway.call('POST', `/conversations/${id}/messages`, { token, body: { content } });
const idsIn = (body: unknown) => (body as { items: { id: string }[] }).items.map(({ id }) => id);

describe('a conversation', () => {
  it('is opened by who may ask, with or without a title, also without a body', async () => {
    const { token } = who.operator;
    expect(await gateway.call('POST', '/conversations', { token, body: { title: 'Shop' } })).toMatchObject({
      status: 201,
      body: { id: expect.any(String) },
    });
    expect((await gateway.call('POST', '/conversations', { token })).status).toBe(201);
    expect(await gateway.call('POST', '/conversations', { token: who.viewer.token, body: {} })).toMatchObject({
      status: 403,
      body: { code: 'RoleMissing' },
    });
    const long = { title: 'x'.repeat(201) };
    expect(await gateway.call('POST', '/conversations', { token, body: long })).toMatchObject({
      status: 422,
      body: { errors: [{ field: '/title' }] },
    });
  });

  it('is there at once, before the record knows of it', async () => {
    const { token, person } = who.operator;
    const id = await aConversation(who.operator, 'At once');
    expect(idsIn((await gateway.call('GET', '/conversations', { token })).body)[0]).toBe(id);
    expect(await gateway.call('GET', `/conversations/${id}`, { token })).toMatchObject({
      status: 200,
      body: {
        id,
        title: 'At once',
        owner: { id: person.id },
        messages: [],
        runs: [],
        cursor: expect.stringMatching(/^[\w-]+$/),
      },
    });
  });

  it('is shown as recorded, once, when the record knows of it', async () => {
    const { token, person } = who.operator;
    const id = await aConversation(who.operator);
    const createdAt = new Date().toISOString();
    const { id: ownerId, email } = person;
    const known = { id, title: 'As recorded', owner: { id: ownerId, email }, createdAt, messages: [], runs: [] };
    recorded.set(id, known as unknown as Conversation);
    const { body } = await gateway.call('GET', '/conversations', { token });
    expect(idsIn(body).filter((one) => one === id)).toHaveLength(1);
    expect((await gateway.call('GET', `/conversations/${id}`, { token })).body).toMatchObject({ title: 'As recorded' });
  });

  it('does not exist for others, except for admins', async () => {
    const id = await aConversation(who.operator);
    for (const path of [`/conversations/${id}`, `/conversations/${id}/events`])
      for (const { token } of [who.otherOperator, who.approver, who.viewer])
        expect(await gateway.call('GET', path, { token })).toMatchObject({ status: 404, body: { code: 'NotFound' } });
    expect((await post(who.otherOperator, id, 'hello')).status).toBe(404);
    const { token } = who.admin;
    expect((await gateway.call('GET', `/conversations/${id}`, { token })).status).toBe(200);
    expect(await post(who.admin, id, 'hello')).toMatchObject({ status: 403, body: { code: 'NotOwner' } });
    expect(idsIn((await gateway.call('GET', '/conversations', { token })).body)).not.toContain(id);
    expect(idsIn((await gateway.call('GET', '/conversations?all=true', { token })).body)).toContain(id);
    const others = await gateway.call('GET', '/conversations?all=true', { token: who.otherOperator.token });
    expect(idsIn(others.body)).not.toContain(id);
  });

  it.each(['no-id', newId(), newId().toUpperCase()])('is a 404 by the id %s', async (id) => {
    const { token } = who.admin;
    expect((await gateway.call('GET', `/conversations/${id}`, { token })).status).toBe(404);
    expect((await gateway.call('GET', `/conversations/${id}/events`, { token })).status).toBe(404);
    expect((await post(who.admin, id, 'hello')).status).toBe(404);
  });
});

describe('a message', () => {
  it('is accepted with the id of its run', async () => {
    const id = await aConversation(who.operator);
    expect(await post(who.operator, id, 'what is wrong in shop?')).toMatchObject({
      status: 202,
      body: { runId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect((await post(who.operator, id, 'x'.repeat(32_000))).status).toBe(202);
  });

  it('make one run however often they are sent with the same Idempotency-Key, also at once', async () => {
    const [id, other] = [await aConversation(who.operator), await aConversation(who.operator)];
    const key = newId();
    const send = (
      content = 'scale checkout to 3',
      where = id,
      headers: Record<string, string> = { 'idempotency-key': key },
    ) =>
      gateway.call('POST', `/conversations/${where}/messages`, {
        token: who.operator.token,
        body: { content },
        headers,
      });
    const answers = await Promise.all([send(), send(), send(), send()]);
    const [first] = answers;
    expect(first?.status).toBe(202);
    for (const answer of answers) expect(answer).toMatchObject({ status: 202, body: first?.body });
    expect(await send('scale checkout to 30')).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
    const elsewhere = await send('scale checkout to 3', other);
    expect(elsewhere.status).toBe(202);
    expect(elsewhere.body).not.toEqual(first?.body);
    expect(await gateway.sql('select 1 from runs where conversation_id = $1', [id])).toHaveLength(1);
    const tooLong = await send('hello', id, { 'idempotency-key': 'x'.repeat(256) });
    expect(tooLong).toMatchObject({ status: 422, body: { errors: [{ field: 'header.Idempotency-Key' }] } });
  });

  it.each([
    ['empty', ''],
    ['blank', ' \n '],
    ['too long', 'x'.repeat(32_001)],
    ['no text', 42],
    ['missing', undefined],
  ])('that is %s is a 422 naming the field', async (_, content) => {
    const id = await aConversation(who.operator);
    const answer = await post(who.operator, id, content);
    expect(answer).toMatchObject({ status: 422, body: { code: 'InvalidField', errors: [{ field: '/content' }] } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('that is larger than any, no JSON, or of another kind is refused as what it is', async () => {
    const { token } = who.operator;
    const path = `/conversations/${await aConversation(who.operator)}/messages`;
    const send = (raw: string, headers = {}) => gateway.call('POST', path, { token, raw, headers });
    const large = await send(JSON.stringify({ content: 'x'.repeat(1_000_000) }));
    expect(large).toMatchObject({ status: 413, body: { code: 'BodyTooLarge' } });
    expect(large.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await send('{"content": ')).toMatchObject({ status: 400, body: { code: 'InvalidJson' } });
    expect(await send('content=hello', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      body: { code: 'NotJson' },
    });
    expect((await gateway.call('GET', '/health/live')).status).toBe(200);
  });
});

describe('stopping a run', () => {
  it('is accepted from who may see it, as often as they like, and is a 404 for others', async () => {
    const id = await aConversation(who.operator);
    const { runId } = (await post(who.operator, id, 'scale checkout to 3')).body as { runId: string };
    const stop = ({ token }: SignedIn, run = runId) => gateway.call('POST', `/runs/${run}/stop`, { token });
    expect((await stop(who.otherOperator)).status).toBe(404);
    expect((await stop(who.operator)).status).toBe(202);
    expect((await stop(who.admin)).status).toBe(202);
    expect((await stop(who.operator, newId())).status).toBe(404);
    expect((await stop(who.operator, 'no-id')).status).toBe(404);
  });
});

describe.each([
  ['withdraw', WithdrawRun],
  ['send-now', SendRunNow],
])('%s of a queued message', (route, { name: question }) => {
  const ask = ({ token }: SignedIn, runId: string) => gateway.call('POST', `/runs/${runId}/${route}`, { token });
  const aRun = async () => {
    const conversationId = await aConversation(who.operator);
    const { runId } = (await post(who.operator, conversationId, 'scale checkout to 3')).body as { runId: string };
    return { conversationId, runId };
  };

  it.each([
    [{ outcome: 'accepted' }, { status: 202 }],
    [{ outcome: 'repeated' }, { status: 202 }],
    [
      { outcome: 'conflict', message: 'It is worked on.' },
      { status: 409, body: { code: 'RunNotQueued', detail: 'It is worked on.' } },
    ],
  ] as const)('is what the planner says: %j', async (answer, expected) => {
    const { conversationId, runId } = await aRun();
    queueAnswer = answer;
    ofQueue.length = 0;
    expect(await ask(who.operator, runId)).toMatchObject(expected);
    const { id, email } = who.operator.person;
    expect(ofQueue).toEqual([{ question, about: { conversationId, runId, by: { id, email } } }]);
  });

  it('is not asked for another person’s run, nor for one that is not there', async () => {
    const { runId } = await aRun();
    ofQueue.length = 0;
    expect((await ask(who.otherOperator, runId)).status).toBe(404);
    expect((await ask(who.operator, newId())).status).toBe(404);
    expect((await ask(who.operator, 'no-id')).status).toBe(404);
    expect(ofQueue).toEqual([]);
  });
});

it('lets an admin withdraw what others asked for, but not send it in their name', async () => {
  const id = await aConversation(who.operator);
  const { runId } = (await post(who.operator, id, 'scale checkout to 3')).body as { runId: string };
  const { token } = who.admin;
  queueAnswer = { outcome: 'accepted' };
  expect((await gateway.call('POST', `/runs/${runId}/withdraw`, { token })).status).toBe(202);
  expect(await gateway.call('POST', `/runs/${runId}/send-now`, { token })).toMatchObject({
    status: 403,
    body: { code: 'NotOwner' },
  });
});

describe('approvals', () => {
  const digest = 'a'.repeat(64);
  const callId = callIdOf(newId(), 0, 0);
  const decide = ({ token }: SignedIn, body: object = {}, id: string = callId) =>
    gateway.call('POST', `/approvals/${id}/decision`, { token, body: { decision: 'approve', digest, ...body } });

  it('are all asked for by who decides, and by others as far as they are theirs', async () => {
    for (const { token } of [who.approver, who.operator])
      expect((await gateway.call('GET', '/approvals?status=pending', { token })).body).toEqual({ items: [] });
    expect(asked.approvals).toEqual([
      { status: 'pending' },
      { status: 'pending', requestedBy: who.operator.person.id },
    ]);
    expect(await gateway.call('GET', '/approvals?status=lost', { token: who.admin.token })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'query.status' }] },
    });
  });

  it.each([
    [{ outcome: 'accepted' }, { status: 202 }],
    [{ outcome: 'repeated' }, { status: 202 }],
    [
      { outcome: 'conflict', message: 'The plan has changed.', currentDigest: 'b'.repeat(64) },
      { status: 409, body: { currentDigest: 'b'.repeat(64), detail: 'The plan has changed.' } },
    ],
    [
      { outcome: 'expired', message: 'Nobody decided in time.' },
      { status: 410, body: { code: 'ApprovalExpired' } },
    ],
    [{ outcome: 'forbidden', message: 'You may no longer decide.' }, { status: 403 }],
    [{ outcome: 'unknown', message: 'No such call.' }, { status: 404 }],
  ] as const)('are decided as the gate answers: %j', async (answer, expected) => {
    decision = answer;
    expect(await decide(who.approver, { reason: 'because' })).toMatchObject(expected);
    const { person } = who.approver;
    expect(asked.decisions).toEqual([{ callId, person, decision: 'approve', digest, reason: 'because' }]);
  });

  it('are never decided by who lacks the role, nor without a whole decision', async () => {
    for (const one of [who.viewer, who.operator]) expect((await decide(one)).status).toBe(403);
    expect(await decide(who.approver, { digest: 'ABC', decision: 'perhaps' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: '/decision' }, { field: '/digest' }] },
    });
    expect((await decide(who.approver, {}, 'no-call')).status).toBe(404);
    expect(asked.decisions).toEqual([]);
  });
});

describe('the surface as a whole', () => {
  it('answers addresses it does not have, and methods it does not take, with a problem document', async () => {
    expect(await gateway.call('GET', '/nothing')).toMatchObject({ status: 404, body: { status: 404 } });
    const wrong = await gateway.call('DELETE', '/conversations', { token: who.admin.token });
    expect(wrong).toMatchObject({ status: 405, body: { code: 'MethodNotAllowed' } });
    expect(wrong.headers.get('allow')).toBe('POST, GET');
  });

  it('is ready when every service answers, whatever the cluster does', async () => {
    expect(await gateway.call('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        services: { gateway: 'ready', planner: 'ready', gate: 'ready', 'tool-runner': 'ready', persistence: 'ready' },
        clusters: [{ name: 'sandbox', state: 'preparing', minutesLeft: 3 }],
      },
    });
  });

  it('describes itself in OpenAPI, schemas of the contracts included', async () => {
    const { status, body } = await gateway.call('GET', '/openapi.json');
    expect(status).toBe(200);
    const { openapi, paths, components } = body as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
      components: { schemas: object };
    };
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths).sort()).toEqual(
      [
        '/api/v1/approvals',
        '/api/v1/approvals/{callId}/decision',
        '/api/v1/auth/login',
        '/api/v1/auth/logout',
        '/api/v1/auth/me',
        '/api/v1/auth/refresh',
        '/api/v1/auth/setup',
        '/api/v1/conversations',
        '/api/v1/conversations/{id}',
        '/api/v1/conversations/{id}/events',
        '/api/v1/conversations/{id}/messages',
        '/api/v1/dead-letters',
        '/api/v1/dead-letters/{id}/redrive',
        '/api/v1/health/live',
        '/api/v1/health/ready',
        '/api/v1/people',
        '/api/v1/people/{id}',
        '/api/v1/runs/{runId}/send-now',
        '/api/v1/runs/{runId}/stop',
        '/api/v1/runs/{runId}/withdraw',
        '/api/v1/tokens',
        '/api/v1/tokens/{id}',
      ].sort(),
    );
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['NewMessage', 'Conversation', 'Problem']));
  });
});
