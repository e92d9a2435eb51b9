import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createSeal, loadIdentity } from '@skyflo/bus';
import type { Bus } from '@skyflo/bus';
import { callIdOf, FindApprovals, GateRefused, newId, PersonId, ToolRequested } from '@skyflo/contracts';
import { migrate } from '@skyflo/store';
import { createTestDatabase, startTestNats } from '@skyflo/testkit';
import type { TestDatabase, TestNats } from '@skyflo/testkit';
import { bootService } from '../src/index.ts';
import type { RunningService } from '../src/index.ts';
import { Calls1700000000000, ForgetfulModule, loadConfig, SmallGateModule } from './small-gate.ts';

// Processes are started here, on machines that have other things to do.
jest.setTimeout(30_000);

const root = join(import.meta.dirname, '../../..');
const migrations = [Calls1700000000000];
let nats: TestNats;
let database: TestDatabase;
let planner: Bus;
let gateway: Bus;
let env: NodeJS.ProcessEnv;
const refused: GateRefused[] = [];

beforeAll(async () => {
  [nats, database] = await Promise.all([startTestNats(), createTestDatabase()]);
  env = {
    GATE_PORT: '0',
    GATE_DATABASE_URL: database.urlFor('gate'),
    GATE_NATS_URL: nats.url,
    GATE_NATS_SEED: nats.seeds.gate,
    GATE_SIGNING_KEY: nats.signingKeys.gate,
    GATE_PUBLIC_KEYS: nats.publicKeysJson,
    GATE_LOG_LEVEL: 'error',
  };
  [planner, gateway] = await Promise.all([nats.connect('planner'), nats.connect('gateway')]);
  planner.consume(GateRefused, async (event) => void refused.push(event));
});
afterAll(async () => {
  await Promise.all([planner.close(), gateway.close()]);
  await Promise.all([nats.stop(), database.drop()]);
});

const boot = (module = SmallGateModule): Promise<RunningService> =>
  bootService({ service: 'gate', config: loadConfig(env), migrations, module, ownsProcess: false });

async function requestTool(): Promise<string> {
  const about = { conversationId: newId(), runId: newId() };
  const callId = callIdOf(about.runId, 1, 0);
  const seal = createSeal(loadIdentity({ service: 'planner', signingKey: nats.signingKeys.planner }));
  const data = {
    callId,
    tool: 'k8s_get',
    args: {},
    requestedBy: { id: PersonId.parse(newId()), email: 'ada@example.com', roles: ['operator'] },
    purpose: 'model',
    afterUntrustedText: false,
  };
  await planner.publish([seal(ToolRequested, { ...about, data }, 1)]);
  return callId;
}

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not become so within 15 s');
    await delay(10);
  }
}

const wasRefused = (callId: string) => refused.some(({ data }) => data.callId === callId);

async function get(port: number, path: string): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe('a service', () => {
  it('is refused a schema that was not migrated, before it takes anything in', async () => {
    await expect(boot()).rejects.toMatchObject({ code: 'MigrationsMissing' });
    await migrate({ url: database.urlFor('gate'), schema: 'gate', migrations });
  });

  it('is refused when it lacks handlers that the catalog names, all in one message', async () => {
    await expect(boot(ForgetfulModule)).rejects.toThrow(/run\.completed\.v1[^]*tool\.planned\.v1/);
  });

  it('takes an event in, keeps its row, says what follows, answers a question and serves HTTP', async () => {
    const service = await boot();
    try {
      const callId = await requestTool();
      await eventually(() => wasRefused(callId));
      const answer = refused.find(({ data }) => data.callId === callId);
      expect(answer).toMatchObject({ source: 'gate', sequence: '0000000001', data: { message: 'Not today.' } });
      expect(await gateway.ask(FindApprovals, { status: 'pending' })).toEqual({ items: [] });
      const calls = await get(service.port, '/calls');
      expect(calls.body).toEqual([{ id: callId }]);
      expect(calls.headers.get('x-content-type-options')).toBe('nosniff');
      expect(calls.headers.get('keep-alive')).toBe('timeout=75');
    } finally {
      await service.close();
    }
  });

  it('is ready with its store and bus, and says what is missing', async () => {
    const service = await boot();
    try {
      expect(await get(service.port, '/health/live')).toMatchObject({ status: 200 });
      expect(await get(service.port, '/health/ready')).toMatchObject({
        status: 200,
        body: { status: 'ok', checks: { intake: true, store: true, bus: true } },
      });
      await nats.kill();
      await eventually(async () => (await get(service.port, '/health/ready')).status === 503);
      expect(await get(service.port, '/health/ready')).toMatchObject({ body: { checks: { store: true, bus: false } } });
      expect(await get(service.port, '/health/live')).toMatchObject({ status: 200 });
      await nats.restart();
      await eventually(async () => (await get(service.port, '/health/ready')).status === 200);
      const callId = await requestTool();
      await eventually(() => wasRefused(callId));
    } finally {
      await service.close();
    }
  });

  it('may be closed twice and leaves nothing listening', async () => {
    const service = await boot();
    await Promise.all([service.close(), service.close()]);
    await expect(get(service.port, '/health/live')).rejects.toThrow();
  });
});

describe("a service's process", () => {
  const start = (variables: NodeJS.ProcessEnv) => {
    const main = join(import.meta.dirname, 'processes/small-gate.ts');
    const hooks = join(root, 'tools/swc-hooks.mjs');
    const child = spawn(process.execPath, ['--conditions=@skyflo/source', '--import', hooks, main], {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '', ...variables },
    });
    const output: string[] = [];
    const saying = [child.stdout, child.stderr].map(async (stream) => {
      for await (const line of createInterface({ input: stream })) output.push(line);
    });
    const exited = once(child, 'exit');
    return {
      output,
      signal: (signal: NodeJS.Signals) => child.kill(signal),
      exitCode: async () => {
        await Promise.all([exited, ...saying]);
        return child.exitCode;
      },
    };
  };
  const isReady = (output: readonly string[]) => output.some((line) => line.includes('"ready"'));

  it('ends with 78 and a message for people when its configuration is wrong', async () => {
    const service = start({ ...env, GATE_PORT: '70000', GATE_NATS_SEED: '' });
    expect(await service.exitCode()).toBe(78);
    expect(service.output).toEqual([
      'gate cannot start with this configuration:',
      expect.stringMatching(/^ {2}GATE_PORT is wrong/),
      expect.stringMatching(/^ {2}GATE_NATS_SEED is not set/),
    ]);
  });

  it('stops cleanly at the first signal, with nothing lost', async () => {
    const service = start({ ...env, GATE_LOG_LEVEL: 'info' });
    await eventually(() => isReady(service.output));
    const callIds = await Promise.all(Array.from({ length: 20 }, () => requestTool()));
    service.signal('SIGTERM');
    expect(await service.exitCode()).toBe(0);
    expect(service.output.map((line) => JSON.parse(line).level)).not.toContain('error');
    const next = await boot();
    await eventually(() => callIds.every(wasRefused));
    await next.close();
  });
});
