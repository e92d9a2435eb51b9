import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { ApprovalRequest } from '@skyflo/contracts';
import type { SkyfloClient } from '@skyflo/testkit';
import { waitFor } from '../local/servers/index.ts';
import { anAdmin, aPerson, deployment, kill, logOf, portOf, ready, url, writesOf } from './running.ts';

let admin: SkyfloClient;
const clients: Client[] = [];
beforeAll(async () => {
  admin = await anAdmin();
});
afterAll(() => Promise.all(clients.map((client) => client.close())));

/** As other people's agents connect: an address and a Bearer token. */
async function connect(person: SkyfloClient, mode: 'auto' | 'legacy' = 'auto'): Promise<Client> {
  const client = new Client({ name: 'e2e', version: '1' }, { versionNegotiation: { mode } });
  const headers = { authorization: `Bearer ${person.token ?? ''}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }));
  clients.push(client);
  return client;
}

const scale = (name: string, replicas: number) => ({
  name: 'k8s_scale',
  arguments: { name, namespace: 'shop', replicas },
});

/** The approval that a call over MCP waits for. */
async function approvalOf(name: string): Promise<ApprovalRequest> {
  let asked: ApprovalRequest | undefined;
  const found = async () => {
    asked = (await admin.pending()).find(({ plan }) => plan.requests.some(({ object }) => object.name === name));
    return asked !== undefined;
  };
  await waitFor(found, { timeoutMs: 30_000, everyMs: 50, what: `an approval about ${name}` });
  if (!asked) throw new Error('unreachable');
  return asked;
}

/** A write that waits, and what it waits for. */
async function waiting(
  client: Client,
  name: string,
  replicas: number,
  options: Parameters<Client['callTool']>[1] = {},
) {
  const answer = client.callTool(scale(name, replicas), { timeout: 120_000, ...options });
  answer.catch(() => undefined);
  return { answer, asked: await approvalOf(name) };
}

describe('MCP at the console’s address', () => {
  it('is for people who are signed in', async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      });
    for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
      const answer = await ask(headers);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="skyflo"']);
    }
    const authorization = `Bearer ${admin.token ?? ''}`;
    expect((await ask({ authorization, origin: 'https://evil.example' })).status).toBe(403);
  });

  it('answers nobody at the tool-runner’s own port, and logs who tried', async () => {
    const tries = logOf('tool-runner').split('CallerTokenMissing').length;
    const direct = `http://127.0.0.1:${portOf('tool-runner')}/mcp`;
    for (const headers of [{}, { authorization: `Bearer ${admin.token ?? ''}` }]) {
      const answer = await fetch(direct, { method: 'POST', headers, body: '{}' });
      expect(answer.status).toBe(401);
    }
    await waitFor(async () => logOf('tool-runner').split('CallerTokenMissing').length > tries, {
      timeoutMs: 10_000,
      everyMs: 50,
      what: 'the try to be logged',
    });
  });

  it.each(['auto', 'legacy'] as const)('lets a client (%s) find the tools and read', async (mode) => {
    const viewer = await aPerson('viewer');
    const client = await connect(viewer, mode);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['k8s_get', 'k8s_scale']));
    const result = await client.callTool({ name: 'k8s_get', arguments: { kind: 'deploy', namespace: 'shop' } });
    expect(result.isError).toBeUndefined();
    expect(JSON.stringify(result.content)).toContain('checkout');
    const { body } = await viewer.call<{ items: { id: string; title: string }[] }>('GET', '/conversations');
    expect(body.items.map(({ title }) => title)).toEqual(['Over MCP']);
  });

  it('refuses a viewer’s write', async () => {
    const client = await connect(await aPerson('viewer'));
    const result = await client.callTool(scale('checkout', 9));
    expect(result).toMatchObject({ isError: true, structuredContent: { outcome: 'refused', why: 'policy' } });
  });

  it('waits with a write for a person, writes nothing before, and then says that it is done', async () => {
    const before = (await deployment('web')).spec.replicas;
    const client = await connect(await aPerson('operator'));
    const { answer, asked } = await waiting(client, 'web', before + 1);
    expect((await deployment('web')).spec.replicas).toBe(before);
    expect(writesOf(asked.plan.grantId)).toEqual([]);
    expect((await admin.decide(asked.callId, 'approve', asked.digest)).status).toBe(202);
    expect(await answer).toMatchObject({
      structuredContent: { outcome: 'finished', grantId: asked.plan.grantId },
    });
    expect((await deployment('web')).spec.replicas).toBe(before + 1);
    expect(writesOf(asked.plan.grantId)).toHaveLength(1);
    const run = async () => (await admin.conversation(asked.conversationId)).runs.find(({ id }) => id === asked.runId);
    await waitFor(async () => (await run())?.status === 'completed', {
      timeoutMs: 30_000,
      everyMs: 50,
      what: 'the record to catch up',
    });
    expect(await run()).toMatchObject({ calls: [{ tool: 'k8s_scale', status: 'finished' }] });
  });

  it('tells the client of a person’s no, and leaves the cluster alone', async () => {
    const before = (await deployment('web')).spec.replicas;
    const { answer, asked } = await waiting(await connect(admin), 'web', before + 2);
    expect((await admin.decide(asked.callId, 'refuse', asked.digest, 'Not during the sale.')).status).toBe(202);
    const result = await answer;
    expect(result).toMatchObject({ isError: true, structuredContent: { outcome: 'refused', why: 'person' } });
    expect(JSON.stringify(result.content)).toContain('Not during the sale.');
    expect((await deployment('web')).spec.replicas).toBe(before);
    expect(writesOf(asked.plan.grantId)).toEqual([]);
  });

  it.each(['auto', 'legacy'] as const)('withdraws what waits when the client (%s) goes away', async (mode) => {
    const before = (await deployment('web')).spec.replicas;
    const client = await connect(admin, mode);
    const { asked } = await waiting(client, 'web', before + 3);
    await client.close();
    const { event } = await admin.until(asked.conversationId, 'run.completed', { runId: asked.runId });
    expect(event.data).toMatchObject({ status: 'stopped' });
    expect((await admin.decide(asked.callId, 'approve', asked.digest)).status).toBe(409);
    expect(writesOf(asked.plan.grantId)).toEqual([]);
  });

  it('stops a call when its run is stopped in the console', async () => {
    const { answer, asked } = await waiting(await connect(admin), 'web', 9);
    expect((await admin.call('POST', `/runs/${asked.runId}/stop`)).status).toBe(202);
    expect(await answer).toMatchObject({ isError: true, structuredContent: { outcome: 'refused', why: 'withdrawn' } });
    expect(writesOf(asked.plan.grantId)).toEqual([]);
  });
});

describe('kill -9 of the tool-runner while a write over MCP waits', () => {
  it('loses the answer, not the run: nobody waits for ever, and nothing is written', async () => {
    const { answer, asked } = await waiting(await connect(admin), 'web', 8);
    await kill('tool-runner');
    await expect(answer).rejects.toThrow();
    const { event } = await admin.until(asked.conversationId, 'run.completed', { runId: asked.runId });
    expect(event.data).toMatchObject({ status: 'stopped' });
    expect(writesOf(asked.plan.grantId)).toEqual([]);
    await ready();
  });

  it('carries a write through that was granted in the same moment, once, or withdraws it', async () => {
    const before = (await deployment('web')).spec.replicas;
    const { asked } = await waiting(await connect(admin), 'web', before + 4);
    await admin.decide(asked.callId, 'approve', asked.digest);
    await kill('tool-runner');
    const { event } = await admin.until(asked.conversationId, 'run.completed', { runId: asked.runId });
    const done = (event.data as unknown as { status: string }).status === 'completed';
    expect(writesOf(asked.plan.grantId)).toHaveLength(done ? 1 : 0);
    expect((await deployment('web')).spec.replicas).toBe(done ? before + 4 : before);
    await ready();
  });
});
