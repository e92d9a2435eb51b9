import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadKeyRing, readCallerToken } from '@skyflo/bus';
import type { AnyEvent, MadeToken, TokenList } from '@skyflo/contracts';
import { aGateway, type Gateway } from './a-gateway.ts';
import { everybody, type SignedIn } from './people-of-the-tests.ts';

/** The tool-runner's place: answers at once, or leaves the answer open for the test to see it end. */
const requests: { request: IncomingMessage; response: ServerResponse }[] = [];
let leaveOpen = false;
let arrived = Promise.withResolvers<void>();
const toolRunner = createServer((request, response) => {
  request.resume();
  requests.push({ request, response });
  if (leaveOpen) response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': waiting\n\n');
  else response.end('{}');
  arrived.resolve();
  arrived = Promise.withResolvers();
});

let gateway: Gateway;
let people: Awaited<ReturnType<typeof everybody>>;
const said: AnyEvent[] = [];
let heard = Promise.withResolvers<void>();

beforeAll(async () => {
  toolRunner.listen(0, '127.0.0.1');
  await once(toolRunner, 'listening');
  const { port } = toolRunner.address() as AddressInfo;
  gateway = await aGateway({ GATEWAY_TOOL_RUNNER_URL: `http://127.0.0.1:${port}` });
  const persistence = await gateway.busOf('persistence');
  persistence.consumeStream('ORG', async (batch) => {
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

const wanted = { name: 'my editor', scope: 'write', expiresInDays: 30 };
const make = async ({ token }: SignedIn, body: object = wanted) =>
  (await gateway.call('POST', '/tokens', { token, body })) as { status: number; body: never };
const made = async (who: SignedIn, over: object = {}): Promise<MadeToken> =>
  (await make(who, { ...wanted, ...over })).body;
const listed = async ({ token }: SignedIn): Promise<TokenList['items']> =>
  ((await gateway.call('GET', '/tokens', { token })).body as TokenList).items;
const revoke = ({ token }: SignedIn, id: string) => gateway.call('DELETE', `/tokens/${id}`, { token });
const ask = (token: string, path = '/mcp') =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
const claimsOfLast = () => {
  const { authorization = '' } = requests.at(-1)?.request.headers ?? {};
  const ring = loadKeyRing(gateway.nats.publicKeysJson);
  return readCallerToken(ring, authorization.slice(7), { audience: 'tool-runner', now: new Date() }).claims;
};
async function eventAbout(type: AnyEvent['type'], tokenId: string): Promise<AnyEvent> {
  for (;;) {
    const found = said.find((event) => event.type === type && JSON.stringify(event.data).includes(tokenId));
    if (found) return found;
    await heard.promise;
  }
}

describe('a personal access token', () => {
  it('is shown once and kept as a hash', async () => {
    const answer = await make(people.operator);
    const token = answer.body as MadeToken;
    expect(answer).toMatchObject({ status: 201, body: { name: 'my editor', scope: 'write' } });
    expect(token.token).toMatch(/^skyflo_pat_[\w-]{43}$/);
    const days = (Date.parse(token.expiresAt) - Date.parse(token.createdAt)) / 86_400_000;
    expect(days).toBe(30);
    expect(JSON.stringify(await listed(people.operator))).not.toContain(token.token);
    const everything = JSON.stringify(await gateway.sql('select * from personal_tokens'));
    expect(everything).toContain(token.id);
    expect(everything).not.toContain(token.token.slice('skyflo_pat_'.length));
    const { data } = await eventAbout('token.created.v1', token.id);
    expect(data).toMatchObject({ owner: { email: people.operator.email }, scope: 'write' });
    expect(JSON.stringify(said)).not.toContain(token.token.slice('skyflo_pat_'.length));
  });

  it('lets its owner in at /mcp, as who they are now and for what it is for', async () => {
    const token = await made(people.viewer, { scope: 'read' });
    expect(token).not.toHaveProperty('lastUsedAt');
    expect((await ask(token.token, '/mcp?toolsets=helm,argo,../x')).status).toBe(200);
    expect(claimsOfLast()).toEqual({
      person: people.viewer.person,
      conversationId: expect.any(String),
      clientId: token.id,
      scope: 'read',
      toolsets: ['helm', 'argo'],
    });
    const [kept] = await listed(people.viewer);
    expect(kept?.lastUsedAt).toMatch(/Z$/);
  });

  it('opens nothing else, above all no tokens', async () => {
    const { token, id } = await made(people.admin);
    const before = (await listed(people.admin)).length;
    for (const [method, path, body] of [
      ['GET', '/auth/me', undefined],
      ['GET', '/conversations', undefined],
      ['GET', '/people', undefined],
      ['POST', '/tokens', wanted],
      ['GET', '/tokens', undefined],
      ['DELETE', `/tokens/${id}`, undefined],
    ] as const)
      expect(await gateway.call(method, path, { token, body })).toMatchObject({
        status: 401,
        body: { code: 'TokenForMcpOnly' },
      });
    expect(await listed(people.admin)).toHaveLength(before);
  });

  it('is worth nothing from the moment it is revoked, once', async () => {
    const token = await made(people.operator);
    expect((await ask(token.token)).status).toBe(200);
    expect((await revoke(people.operator, token.id)).status).toBe(204);
    const answer = await ask(token.token);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
    expect((await revoke(people.operator, token.id)).status).toBe(404);
    expect((await listed(people.operator)).map(({ id }) => id)).not.toContain(token.id);
    await eventAbout('token.revoked.v1', token.id);
  });

  it('ends what it waits for when it is revoked', async () => {
    const token = await made(people.operator);
    leaveOpen = true;
    const waiting = await ask(token.token);
    leaveOpen = false;
    const behind = requests.at(-1);
    const closed = behind && once(behind.response, 'close');
    const end = waiting.text().catch(() => 'cut off');
    await revoke(people.operator, token.id);
    await closed;
    expect(await end).toBe('cut off');
  });

  it('is worth nothing once it has expired, and is listed still', async () => {
    const token = await made(people.operator);
    await gateway.sql(`update personal_tokens set expires_at = now() - interval '1 second' where id = $1`, [token.id]);
    const answer = await ask(token.token);
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'TokenExpired' }]);
    expect((await listed(people.operator)).map(({ id }) => id)).toContain(token.id);
  });

  it('is nobody else’s to see or to revoke', async () => {
    const { id, token } = await made(people.operator);
    expect((await listed(people.admin)).map((one) => one.id)).not.toContain(id);
    expect((await revoke(people.otherOperator, id)).status).toBe(404);
    expect((await ask(token)).status).toBe(200);
  });

  it.each([
    [{ ...wanted, name: ' ' }, '/name'],
    [{ ...wanted, name: 'x'.repeat(81) }, '/name'],
    [{ ...wanted, scope: 'admin' }, '/scope'],
    [{ ...wanted, expiresInDays: 0 }, '/expiresInDays'],
    [{ ...wanted, expiresInDays: 3_650 }, '/expiresInDays'],
    [{}, '/name'],
  ])('is not made of %j', async (body, field) => {
    const answer = await make(people.operator, body);
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([{ field, message: expect.any(String) }]) },
    });
  });

  it('is one of not too many', async () => {
    const { length } = await listed(people.approver);
    const answers = await Promise.all(Array.from({ length: 55 - length }, () => make(people.approver)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50 - length);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 409,
      body: { code: 'TooManyTokens' },
    });
  });

  it('ends with its owner, and does not return with them', async () => {
    const { token } = await made(people.otherOperator);
    const path = `/people/${people.otherOperator.person.id}`;
    for (const active of [false, true]) {
      await gateway.call('PATCH', path, { token: people.admin.token, body: { active } });
      expect((await ask(token)).status).toBe(401);
    }
  });
});
