import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client, StreamableHTTPClientTransport, type Tool } from '@modelcontextprotocol/client';
import { type AnyEvent, type CallerClaims, newId } from '@skyflo/contracts';
import { aWorld, type World } from './a-world.ts';

jest.setTimeout(30_000);

let world: World;
let conversationId: string;
beforeAll(async () => {
  world = await aWorld();
  await world.createDeployment('web');
});
beforeEach(() => {
  conversationId = newId();
});
afterAll(async () => {
  await world.close();
});

const post = (authorization: string | undefined, body: object = { jsonrpc: '2.0', id: 1, method: 'tools/list' }) =>
  fetch(world.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify(body),
  });

/** A client behind a gateway: each of its requests comes with a token of its own. */
async function aClient(
  mode: 'auto' | 'legacy' = 'auto',
  { claims = {}, onList }: { claims?: Partial<CallerClaims>; onList?: (names: string[]) => void } = {},
) {
  const listChanged = onList && {
    tools: { onChanged: (_error: unknown, tools: Tool[] | null) => onList(namesOf(tools ?? [])) },
  };
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode }, ...(listChanged ? { listChanged } : {}) },
  );
  const transport = new StreamableHTTPClientTransport(new URL(world.url), {
    fetch: (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${world.token(conversationId, { claims })}`);
      return fetch(url, { ...init, headers });
    },
  });
  await client.connect(transport);
  return client;
}

const namesOf = (tools: readonly { name: string }[]) => tools.map(({ name }) => name);
const heard = <T extends AnyEvent['type']>(...types: readonly T[]) => world.heardIn(conversationId)(...types);
const get = () => ({ name: 'k8s_get', arguments: { kind: 'deploy', namespace: world.namespace } });
const scale = (replicas: number) => ({
  name: 'k8s_scale',
  arguments: { name: 'web', namespace: world.namespace, replicas },
});
const replicas = async () =>
  ((await world.deployment('web')) as unknown as { spec: { replicas: number } }).spec.replicas;

/** A write that waits for an approver. */
async function waiting(client: Client, to: number, options: Parameters<Client['callTool']>[1] = {}) {
  const answer = client.callTool(scale(to), options);
  answer.catch(() => undefined);
  const gate = world.gateFor(await heard('tool.requested.v1'));
  await gate.planRequest();
  const { plan } = (await heard('tool.planned.v1')).data;
  return { answer, gate, plan };
}

describe('the port of the tool-runner', () => {
  it.each([
    ['no token', () => undefined],
    ['another scheme', () => `Basic ${world.token(conversationId)}`],
    ['no token of anybody', () => 'Bearer x'],
    ['an expired one', () => `Bearer ${world.token(conversationId, { at: new Date(Date.now() - 61_000) })}`],
    ['one for another service', () => `Bearer ${world.token(conversationId, { audience: 'planner' })}`],
    ['one that another service signed', () => `Bearer ${world.token(conversationId, { by: 'planner' })}`],
    ['one it signed itself', () => `Bearer ${world.token(conversationId, { by: 'tool-runner' })}`],
    ['one that was changed', () => `Bearer ${world.token(conversationId).replace(/.{12}$/, 'AAAAAAAAAAAA')}`],
  ])('answers nobody with %s', async (_what, authorization) => {
    const answer = await post(authorization());
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await answer.text()).not.toContain('k8s_');
  });

  it('lets anybody ask whether it lives', async () => {
    expect((await fetch(new URL('/health/live', world.url))).status).toBe(200);
  });

  it('refuses a body that is too large', async () => {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { filler: 'x'.repeat(300_000) } };
    expect((await post(`Bearer ${world.token(conversationId)}`, body)).status).toBe(413);
  });
});

describe.each(['auto', 'legacy'] as const)('an MCP client (%s)', (mode) => {
  it('finds the tools with schemas and truthful hints', async () => {
    const client = await aClient(mode);
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'k8s_get')).toMatchObject({
      inputSchema: { type: 'object', properties: { kind: { type: 'string' } } },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    });
    expect(tools.find(({ name }) => name === 'k8s_rollout_restart')?.annotations).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
    });
    await client.close();
  });

  it('reads through the gate, on record from question to answer', async () => {
    const client = await aClient(mode);
    const answer = client.callTool(get());
    const requested = await heard('tool.requested.v1');
    expect(requested).toMatchObject({ source: 'tool-runner', data: { tool: 'k8s_get', afterUntrustedText: true } });
    expect((await heard('run.requested.v1')).data).toMatchObject({ content: expect.stringContaining('k8s_get {') });
    await world.gateFor(requested).pass();
    const result = await answer;
    expect(result.isError).toBeUndefined();
    expect(JSON.stringify(result.content)).toContain('web');
    expect(result.structuredContent).toMatchObject({ outcome: 'finished', facts: { count: 1 } });
    expect((await heard('run.completed.v1')).data).toEqual({ status: 'completed' });
    await client.close();
  });

  it('waits with a write until it is granted, and is told so meanwhile', async () => {
    const client = await aClient(mode);
    const before = await replicas();
    const told = Promise.withResolvers<string>();
    const onprogress = ({ message = '' }: { message?: string | undefined }) => told.resolve(message);
    const { answer, gate, plan } = await waiting(client, before + 1, { onprogress });
    expect(await told.promise).toContain('waits for an approver');
    expect(await replicas()).toBe(before);
    await gate.grant(plan);
    const result = await answer;
    expect(result).toMatchObject({ structuredContent: { outcome: 'finished', grantId: gate.grantId } });
    expect(JSON.stringify(result.content)).toContain('k8s_rollout_status');
    expect(await replicas()).toBe(before + 1);
    expect(await world.writesOf(gate.grantId)).toHaveLength(1);
    await client.close();
  });

  it.each([
    ['person', 'Refused by jonas@example.org. Nothing was changed.', 'completed'],
    ['expired', 'Nobody decided in time. Nothing was changed.', 'completed'],
    ['withdrawn', 'The run was stopped before a person decided. Nothing was changed.', 'stopped'],
  ] as const)('is told of a no: %s', async (why, message, status) => {
    const client = await aClient(mode);
    const { answer, gate } = await waiting(client, 7);
    await gate.refuse(why, message);
    const result = await answer;
    expect(result).toMatchObject({ isError: true, structuredContent: { outcome: 'refused', why } });
    expect(JSON.stringify(result.content)).toContain(message);
    expect((await heard('run.completed.v1')).data).toMatchObject({ status });
    expect(await world.writesOf(gate.grantId)).toEqual([]);
    await client.close();
  });

  it('asks the run to stop when it goes away, and when it cancels', async () => {
    const leaving = await aClient(mode);
    await waiting(leaving, 7);
    await leaving.close();
    expect(await heard('run.stop-requested.v1')).toMatchObject({ source: 'tool-runner' });

    conversationId = newId();
    const cancelling = await aClient(mode);
    const cancelled = new AbortController();
    const { answer } = await waiting(cancelling, 7, { signal: cancelled.signal });
    cancelled.abort();
    await expect(answer).rejects.toThrow();
    expect(await heard('run.stop-requested.v1')).toMatchObject({ source: 'tool-runner' });
    await cancelling.close();
  });
});

describe.each(['auto', 'legacy'] as const)('the list of tools (%s)', (mode) => {
  const load = { name: 'toolset_load', arguments: { toolset: 'rollout' } };

  it('is short, and grows by what the client has loaded, also after a restart, for nobody else', async () => {
    const claims = { clientId: newId() };
    const told = Promise.withResolvers<string[]>();
    const client = await aClient(mode, { claims, onList: told.resolve });
    const before = namesOf((await client.listTools()).tools);
    expect(before).toContain('toolset_load');
    expect(before).not.toContain('k8s_wait');
    const answer = client.callTool(load);
    const requested = await heard('tool.requested.v1');
    expect(namesOf((await client.listTools()).tools)).toEqual(before);
    await world.gateFor(requested).pass();
    expect(JSON.stringify((await answer).content)).toContain('k8s_wait');
    const after = await told.promise;
    expect(after).toEqual(expect.arrayContaining([...before, 'k8s_wait']));
    await client.close();
    await world.restart();
    conversationId = newId();
    const again = await aClient(mode, { claims });
    expect(namesOf((await again.listTools()).tools)).toEqual(after);
    const another = await aClient(mode, { claims: { clientId: newId() } });
    expect(namesOf((await another.listTools()).tools)).toEqual(before);
    await Promise.all([again.close(), another.close()]);
  });

  it('holds what the client’s address names', async () => {
    const client = await aClient(mode, { claims: { toolsets: ['rollout', 'nothing'] } });
    expect(namesOf((await client.listTools()).tools)).toContain('k8s_wait');
    await client.close();
  });
});

describe('a token for reading only', () => {
  it('sees no tool that changes something, and may not call one that it knows the name of', async () => {
    const client = await aClient('auto', { claims: { scope: 'read', toolsets: ['all'] } });
    const { tools } = await client.listTools();
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
    const result = await client.callTool(scale(9));
    expect(result).toMatchObject({ isError: true, structuredContent: { failure: { code: 'ScopeMissing' } } });
    await expect(world.sql('select 1 from own_runs where conversation_id = $1', [conversationId])).resolves.toEqual([]);
    await client.close();
  });
});

describe('a call over MCP', () => {
  it('is told which argument does not fit, and makes no run', async () => {
    const client = await aClient();
    const result = await client.callTool({ name: 'k8s_scale', arguments: { name: 'web', replicas: -1, force: true } });
    expect(result).toMatchObject({ isError: true, structuredContent: { failure: { code: 'InvalidArguments' } } });
    const said = JSON.stringify(result.content);
    for (const field of ['namespace', 'replicas', 'force']) expect(said).toContain(field);
    await expect(world.sql('select 1 from own_runs where conversation_id = $1', [conversationId])).resolves.toEqual([]);
    await client.close();
  });

  it('fails in words that help', async () => {
    const client = await aClient();
    const answer = client.callTool({
      name: 'k8s_get',
      arguments: { kind: 'deploy', name: 'nothing', namespace: world.namespace },
    });
    await world.gateFor(await heard('tool.requested.v1')).pass();
    expect(await answer).toMatchObject({ isError: true, structuredContent: { failure: { code: 'NotFound' } } });
    expect((await heard('run.completed.v1')).data).toMatchObject({ status: 'failed', failure: { code: 'NotFound' } });
    await client.close();
  });

  it('is made once per token, however often that is sent', async () => {
    const authorization = `Bearer ${world.token(conversationId)}`;
    const call = () =>
      post(authorization, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: get() }).then((one) => one.text());
    const answers = Array.from({ length: 8 }, call);
    await world.gateFor(await heard('tool.requested.v1')).pass();
    const texts = await Promise.all(answers);
    expect(texts.filter((text) => text.includes('CallerTokenUsed'))).toHaveLength(7);
    expect(texts.filter((text) => text.includes('web'))).toHaveLength(1);
    await expect(
      world.sql('select 1 from own_runs where conversation_id = $1', [conversationId]),
    ).resolves.toHaveLength(1);
  });

  it('ends when the process that waited for it is no more', async () => {
    const client = await aClient();
    const { gate } = await waiting(client, 7);
    await world.restart();
    expect(await heard('run.stop-requested.v1')).toMatchObject({ source: 'tool-runner', runid: gate.at.runId });
    await gate.refuse('withdrawn', 'The run was stopped before a person decided. Nothing was changed.');
    expect((await heard('run.completed.v1')).data).toMatchObject({ status: 'stopped' });
    await client.close().catch(() => undefined);
  });

  it('is left by whoever finds that nobody waits for it, once', async () => {
    const runId = newId();
    await world.sql(
      `insert into own_runs (run_id, call_id, conversation_id, requested_by, client_id, request_id, attended_until)
       values ($1, $1 || '.1.0', $2, '{"id": "01a20cbd-1f57-707e-84df-90017c083f54", "email": "mara@example.org"}', 'x', '1', now())`,
      [runId, conversationId],
    );
    expect(await heard('run.stop-requested.v1')).toMatchObject({ runid: runId });
  });
});
