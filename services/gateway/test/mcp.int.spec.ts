import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadKeyRing, readCallerToken } from '@skyflo/bus';
import {
  type AnyEvent,
  ConversationCreated,
  newId,
  RunCompleted,
  RunRequested,
  RunStopRequested,
} from '@skyflo/contracts';
import { aGateway, type Gateway, speakerOf } from './a-gateway.ts';
import { everybody, type SignedIn } from './people-of-the-tests.ts';

type Request = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly body: string };

/** The tool-runner's place, taken by a server that lets the test answer. */
const requests: Request[] = [];
let arrived = Promise.withResolvers<void>();
const toolRunner = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    requests.push({ request, response, body: Buffer.concat(chunks).toString() });
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
});
async function next(): Promise<Request> {
  while (requests.length === 0) await arrived.promise;
  return requests.shift() as Request;
}

let gateway: Gateway;
let people: Awaited<ReturnType<typeof everybody>>;
const said: AnyEvent[] = [];
let heard = Promise.withResolvers<void>();

beforeAll(async () => {
  toolRunner.listen(0, '127.0.0.1');
  await once(toolRunner, 'listening');
  const { port } = toolRunner.address() as AddressInfo;
  gateway = await aGateway({
    GATEWAY_TOOL_RUNNER_URL: `http://127.0.0.1:${port}`,
    GATEWAY_MCP_HOSTS: '127.0.0.1,skyflo.example',
  });
  const persistence = await gateway.busOf('persistence');
  persistence.consumeStream('RUNS', async (batch) => {
    said.push(...batch.map(({ event }) => event as AnyEvent));
    heard.resolve();
    heard = Promise.withResolvers();
  });
  people = await everybody(gateway);
});
afterAll(async () => {
  toolRunner.closeAllConnections();
  toolRunner.close();
  await gateway.close();
});

async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await heard.promise;
  }
}

const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
type Asking = { headers?: Record<string, string>; body?: string; method?: string; signal?: AbortSignal };
const ask = (
  who: SignedIn | undefined,
  { headers, body = JSON.stringify(message), method = 'POST', signal }: Asking = {},
) =>
  fetch(`${gateway.url}/mcp`, {
    method,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(who ? { authorization: `Bearer ${who.token}` } : {}),
      ...headers,
    },
    ...(method === 'POST' ? { body } : {}),
    ...(signal ? { signal } : {}),
  });
const callerOf = ({ request }: Request) =>
  readCallerToken(loadKeyRing(gateway.nats.publicKeysJson), request.headers.authorization?.slice(7) ?? '', {
    audience: 'tool-runner',
    now: new Date(),
  });

describe('/mcp', () => {
  it('lets nobody in without a token, and says which kind it wants', async () => {
    for (const headers of [{}, { authorization: 'Bearer nonsense' }, { authorization: 'Basic bWFyYQ==' }]) {
      const answer = await ask(undefined, { headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        401,
        'application/problem+json; charset=utf-8',
      ]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    expect(requests).toEqual([]);
  });

  it('vouches for the person with a token of its own, and keeps theirs', async () => {
    const answer = ask(people.viewer, {
      headers: { 'mcp-protocol-version': '2026-07-28', cookie: 'other=1', 'x-forwarded-user': 'admin' },
    });
    const request = await next();
    const { claims } = callerOf(request);
    expect(claims.person).toEqual(people.viewer.person);
    expect(JSON.parse(request.body)).toEqual(message);
    expect(request.request.headers).toMatchObject({ 'mcp-protocol-version': '2026-07-28' });
    expect(JSON.stringify(request.request.headers)).not.toContain(people.viewer.token);
    expect(request.request.headers).not.toHaveProperty('cookie');
    expect(request.request.headers).not.toHaveProperty('x-forwarded-user');
    request.response.writeHead(202, { 'x-inside': 'yes' }).end();
    expect((await answer).status).toBe(202);
    expect((await answer).headers.has('x-inside')).toBe(false);
  });

  it('passes an answer on while it is made, and ends the request when the client goes', async () => {
    const going = new AbortController();
    const asked = ask(people.operator, { signal: going.signal });
    const { response } = await next();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': waiting\n\n');
    const reader = (await asked).body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(': waiting\n\n');
    response.write('data: {}\n\n');
    expect((await reader?.read())?.value).toBe('data: {}\n\n');
    const closed = once(response, 'close');
    going.abort();
    await closed;
    await reader?.read().catch(() => undefined);
  });

  it('opens one conversation per person, however many requests come first at once', async () => {
    const who = people.approver;
    const answers = Array.from({ length: 8 }, () => ask(who));
    const ids = new Set<string>();
    for (const _ of answers) {
      const request = await next();
      ids.add(callerOf(request).claims.conversationId);
      request.response.end('{}');
    }
    await Promise.all(answers);
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    const { body } = await gateway.call('GET', '/conversations', { token: who.token });
    const created = await until(() =>
      said.find(({ type, conversationid }) => type === ConversationCreated.type && conversationid === id),
    );
    expect(created.data).toMatchObject({ owner: { email: who.email }, title: 'Over MCP' });
    expect(
      said.filter(({ type, conversationid }) => type === ConversationCreated.type && conversationid === id),
    ).toHaveLength(1);
    expect(JSON.stringify(body)).not.toContain('for_mcp');
  });

  it.each([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page without an origin of its own', { origin: 'null' }],
    ['a name that is not ours', { 'x-forwarded-host': 'evil.example' }],
  ])('refuses %s, whatever token it has', async (_what, headers) => {
    const answer = await ask(people.operator, { headers });
    expect(answer.status).toBe(403);
    expect(requests).toEqual([]);
  });

  it('lets its own pages ask, at each of its names', async () => {
    const headers = { 'x-forwarded-host': 'skyflo.example', origin: 'https://skyflo.example' };
    const answer = ask(people.operator, { headers });
    (await next()).response.end('{}');
    expect((await answer).status).toBe(200);
  });

  it.each([
    ['too large', JSON.stringify({ ...message, params: 'x'.repeat(300_000) }), 413],
    ['no JSON', '{"jsonrpc":', 400],
  ])('refuses a body that is %s', async (_what, body, status) => {
    expect((await ask(people.operator, { body })).status).toBe(status);
    expect(requests).toEqual([]);
  });

  it('passes on what is no POST, for the protocol to answer', async () => {
    const answer = ask(people.operator, { method: 'GET' });
    const { request, response } = await next();
    expect(request.method).toBe('GET');
    response.writeHead(405, { allow: 'POST' }).end();
    expect([(await answer).status, (await answer).headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('a run that the tool-runner requested', () => {
  async function aRun(who: SignedIn) {
    const answer = ask(who);
    const request = await next();
    const { conversationId } = callerOf(request).claims;
    request.response.end('{}');
    await answer;
    return { conversationId, runId: newId() };
  }
  const stopOf = (runId: string) =>
    until(() => said.find(({ type, runid }) => type === RunStopRequested.type && runid === runId));
  const data = (who: SignedIn) => ({ messageId: newId() as never, content: 'k8s_get {}', requestedBy: who.person });
  const known = async (runId: string, where = 'true') => {
    while ((await gateway.sql(`select 1 from runs where id = $1 and ${where}`, [runId])).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('is stopped like any other, and nobody else’s', async () => {
    const { conversationId, runId } = await aRun(people.operator);
    const say = speakerOf(gateway, await gateway.busOf('tool-runner'));
    await say(RunRequested, conversationId, runId, data(people.operator));
    await known(runId);
    expect((await gateway.call('POST', `/runs/${runId}/stop`, { token: people.otherOperator.token })).status).toBe(404);
    expect((await gateway.call('POST', `/runs/${runId}/stop`, { token: people.operator.token })).status).toBe(202);
    expect((await stopOf(runId)).data).toMatchObject({ by: { email: people.operator.email } });
  });

  it('is never queued, so it is neither withdrawn nor sent now, whatever a planner would say', async () => {
    const { conversationId, runId } = await aRun(people.operator);
    const say = speakerOf(gateway, await gateway.busOf('tool-runner'));
    await say(RunRequested, conversationId, runId, data(people.operator));
    await known(runId);
    for (const route of ['withdraw', 'send-now'])
      expect(await gateway.call('POST', `/runs/${runId}/${route}`, { token: people.operator.token })).toMatchObject({
        status: 409,
        body: { code: 'RunNotQueued' },
      });
  });

  it('is over when that is heard first', async () => {
    const { conversationId, runId } = await aRun(people.operator);
    const say = speakerOf(gateway, await gateway.busOf('tool-runner'));
    await say(RunCompleted, conversationId, runId, { status: 'completed' });
    await known(runId, 'completed_at is not null');
    await say(RunRequested, conversationId, runId, data(people.operator));
    const later = newId();
    await say(RunRequested, conversationId, later, data(people.operator));
    await known(later);
    await known(runId, 'completed_at is not null');
  });

  it('is stopped where its person may no longer act', async () => {
    const { conversationId, runId } = await aRun(people.otherOperator);
    const { admin, otherOperator } = people;
    await gateway.call('PATCH', `/people/${otherOperator.person.id}`, { token: admin.token, body: { active: false } });
    const say = speakerOf(gateway, await gateway.busOf('tool-runner'));
    await say(RunRequested, conversationId, runId, data(otherOperator));
    expect((await stopOf(runId)).source).toBe('gateway');
    expect((await ask(otherOperator)).status).toBe(401);
  });
});

describe('a tool-runner that is away', () => {
  it('is a 503 that says when to come back', async () => {
    toolRunner.closeAllConnections();
    toolRunner.close();
    const answer = await ask(people.operator);
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true]);
    expect(await answer.json()).toMatchObject({ code: 'ToolRunnerUnavailable' });
  });
});
