import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bus, createSeal, loadIdentity } from '@skyflo/bus';
import { callIdOf, FindApprovals, GateRefused, newId, PersonId, ToolRequested } from '@skyflo/contracts';
import { migrate } from '@skyflo/store';
import { createTestDatabase, startTestNats, type TestDatabase, type TestNats } from '@skyflo/testkit';
import { bootService, type RunningService } from '../src/index.ts';
import { Calls1700000000000, loadConfig, SmallGateModule } from './small-gate.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
const migrations = [Calls1700000000000];
type Span = { name: string; traceId: string; parentSpanId?: string };

let nats: TestNats;
let database: TestDatabase;
let planner: Bus;
let gateway: Bus;
let gate: RunningService;
let collector: Server;
const spans: Span[] = [];
const refused: GateRefused[] = [];

beforeAll(async () => {
  [nats, database] = await Promise.all([startTestNats(), createTestDatabase()]);
  await migrate({ url: database.urlFor('gate'), schema: 'gate', migrations });
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
      };
      spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  const address = collector.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const config = loadConfig({
    GATE_PORT: '0',
    GATE_DATABASE_URL: database.urlFor('gate'),
    GATE_NATS_URL: nats.url,
    GATE_NATS_SEED: nats.seeds.gate,
    GATE_SIGNING_KEY: nats.signingKeys.gate,
    GATE_PUBLIC_KEYS: nats.publicKeysJson,
    GATE_OTLP_URL: `http://127.0.0.1:${port}/`,
    GATE_LOG_LEVEL: 'error',
  });
  [planner, gateway] = await Promise.all([nats.connect('planner'), nats.connect('gateway')]);
  planner.consume(GateRefused, async (event) => void refused.push(event));
  gate = await bootService({ service: 'gate', config, migrations, module: SmallGateModule, ownsProcess: false });

  const about = { conversationId: newId(), runId: newId() };
  const identity = loadIdentity({ service: 'planner', signingKey: nats.signingKeys.planner });
  const seal = createSeal(
    identity,
    () => new Date(),
    () => traceparent,
  );
  const data = {
    callId: callIdOf(about.runId, 1, 0),
    tool: 'k8s_get',
    args: {},
    requestedBy: { id: PersonId.parse(newId()), email: 'ada@example.com', roles: ['operator' as const] },
    purpose: 'model' as const,
    afterUntrustedText: false,
  };
  await planner.publish([seal(ToolRequested, { ...about, data }, 1)]);
  while (refused.length === 0) await delay(10);
  await gateway.ask(FindApprovals, { status: 'pending' });
});
afterAll(async () => {
  await Promise.all([planner.close(), gateway.close()]);
  await Promise.all([nats.stop(), database.drop()]);
});

describe('what a service tells of itself', () => {
  it('carries the trace of an event on to the events it causes, signed with them', () => {
    expect(refused[0]?.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  });

  it('counts and times events, answers, commits and publications for Prometheus', async () => {
    const response = await fetch(`http://127.0.0.1:${gate.port}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(valueOf(text, 'skyflo_event_seconds_count', 'type="tool.requested.v1"', 'outcome="ok"')).toBe(1);
    expect(valueOf(text, 'skyflo_answer_seconds_count', 'type="find-approvals.v1"', 'outcome="ok"')).toBe(1);
    expect(valueOf(text, 'skyflo_events_published_total', 'type="gate.refused.v1"')).toBe(1);
    expect(valueOf(text, 'skyflo_commit_seconds_count', 'outcome="ok"')).toBeGreaterThan(0);
    expect(valueOf(text, 'skyflo_outbox_waiting')).toBe(0);
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('sends its spans to the collector, the caller’s trace above them, at the latest when it stops', async () => {
    await gate.close();
    await new Promise((closed) => collector.close(closed));
    const handled = spans.find(({ name }) => name === 'handle tool.requested.v1');
    expect(handled).toMatchObject({ traceId, parentSpanId: '00f067aa0ba902b7' });
    expect(spans.find(({ name }) => name === 'commit gate.refused.v1')).toMatchObject({ traceId });
    expect(spans.map(({ name }) => name)).toContain('GET /metrics');
  });
});

/** Of the one series that has all these labels. */
function valueOf(text: string, name: string, ...labels: string[]): number {
  const series = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  const found = series.filter((line) => ['service="gate"', ...labels].every((label) => line.includes(label)));
  expect(found).toHaveLength(1);
  return Number(found[0]?.split(' ').at(-1));
}
