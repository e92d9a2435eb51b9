import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bus, Followed } from '@skyflo/bus';
import {
  type AnyEvent,
  argsDigest,
  callIdOf,
  type ClusterState,
  DecideApproval,
  FindApprovals,
  FindPeople,
  FindTools,
  grantIdOf,
  newId,
  type Person,
  PersonId,
  type Plan,
  planDigest,
  RunStopRequested,
  ToolDescription,
  ToolFailed,
  ToolPlanned,
  ToolRequested,
} from '@skyflo/contracts';
import { bootService, type RunningService } from '@skyflo/service-kit';
import { migrate } from '@skyflo/store';
import {
  aVoice,
  createTestDatabase,
  serviceEnv,
  startTestNats,
  type TestDatabase,
  type TestNats,
  type Voice,
} from '@skyflo/testkit';
import { aPlan } from '@skyflo/testkit/builders';
import { migrations } from '../src/adapters/migrations/index.ts';
import { loadConfig } from '../src/config.ts';
import { GateModule } from '../src/gate.module.ts';

const aPerson = (email: string, role: Person['roles'][number]) => ({
  id: PersonId.parse(newId()),
  email,
  roles: [role],
  active: true,
});
const mara = aPerson('mara@example.org', 'operator');
const jonas = aPerson('jonas@example.org', 'approver');
const priya = aPerson('priya@example.org', 'approver');
const people = new Map([mara, jonas, priya].map((person) => [person.id, { ...person }]));
const tools = (['read', 'write'] as const).map((toolClass) =>
  ToolDescription.parse({
    name: `k8s_${toolClass}`,
    title: toolClass,
    description: toolClass,
    class: toolClass,
    inputSchema: {},
  }),
);
const clusters: ClusterState[] = [{ name: 'sandbox', state: 'ready', guardLevel: 1 }];

let database: TestDatabase;
let nats: TestNats;
let gate: RunningService;
let planner: Voice;
let runner: Voice;
let gateway: Voice;

beforeAll(async () => {
  [database, nats] = await Promise.all([createTestDatabase(), startTestNats()]);
  await migrate({ url: database.urlFor('gate'), schema: 'gate', migrations });
  const env = { ...serviceEnv('gate', { database, nats }), GATE_APPROVAL_EXPIRES_SECONDS: '4', GATE_SWEEP_MS: '50' };
  gate = await bootService({
    service: 'gate',
    ownsProcess: false,
    config: loadConfig(env),
    migrations,
    module: GateModule,
  });
  [planner, runner, gateway] = await Promise.all([
    aVoice(nats, 'planner'),
    aVoice(nats, 'tool-runner'),
    aVoice(nats, 'gateway'),
  ]);
  runner.bus.answer(FindTools, async () => ({ tools, clusters }));
  gateway.bus.answer(FindPeople, async ({ ids }) => ({ people: ids.flatMap((id) => people.get(id) ?? []) }));
});

afterAll(async () => {
  await gate.close();
  await Promise.all([planner, runner, gateway].map((voice) => voice.close()));
  await Promise.all([database.drop(), nats.stop()]);
});

/** One run of its own, so that tests do not see each other. */
function aRun() {
  const conversationId = newId();
  const runId = newId();
  const callId = callIdOf(runId, 0, 0);
  const args = { name: 'checkout', replicas: 3 };
  const at = { conversationId, runId };
  const heard = hear(gateway.bus, conversationId);
  return {
    callId,
    at,
    heard,
    request: (tool: string, over: object = {}) =>
      planner.say(ToolRequested, {
        ...at,
        data: { callId, tool, args, requestedBy: mara, purpose: 'model', afterUntrustedText: true, ...over },
      }),
    async plan(over: Partial<Plan> = {}): Promise<Plan> {
      const plan = aPlan({ tool: 'k8s_write', argsDigest: argsDigest(args), grantId: grantIdOf(callId, 1) }, over);
      await runner.say(ToolPlanned, { ...at, data: { callId, revision: 1, plan } });
      return plan;
    },
    decide: (person: Person, decision: 'approve' | 'refuse', digest: string, reason?: string) =>
      gateway.bus.ask(DecideApproval, { callId, person, decision, digest, ...(reason ? { reason } : {}) }),
    async waiting(): Promise<string> {
      await this.request('k8s_write');
      await heard('tool.plan-requested.v1');
      const plan = await this.plan();
      await heard('approval.requested.v1');
      return planDigest(plan);
    },
  };
}

/** Waits for an event of the conversation; remembers what came before. */
function hear(bus: Bus, conversationId: string) {
  const stopping = new AbortController();
  const events: AnyEvent[] = [];
  const waiting = new Set<() => void>();
  const follow = async (followed: AsyncIterable<Followed>) => {
    for await (const item of followed) {
      if (item.kind === 'event') events.push(item.event as AnyEvent);
      for (const wake of waiting) wake();
    }
  };
  void follow(bus.follow(conversationId, { signal: stopping.signal }));
  const heard = async <T extends AnyEvent['type']>(type: T): Promise<Extract<AnyEvent, { type: T }>['data']> => {
    for (;;) {
      const found = events.find((event) => event.type === type);
      if (found) return found.data as never;
      await new Promise<void>((resolve) => {
        const wake = () => (waiting.delete(wake), resolve());
        waiting.add(wake);
      });
    }
  };
  return Object.assign(heard, { types: () => events.map(({ type }) => type), stop: () => stopping.abort() });
}

describe('the gate', () => {
  it('lets a read through at once, without a grant', async () => {
    const run = aRun();
    await run.request('k8s_read');
    const passed = await run.heard('gate.passed.v1');
    expect(passed).toMatchObject({ callId: run.callId, class: 'read', cluster: 'sandbox', policy: 'readsPass' });
    expect(passed.grant).toBeUndefined();
  });

  it('refuses a tool that nobody described', async () => {
    const run = aRun();
    await run.request('k8s_invented');
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'policy', policy: 'toolIsUnknown' });
  });

  it('has a write planned, asks a person, and gives the grant for exactly that plan', async () => {
    const run = aRun();
    const digest = await run.waiting();
    const request = await run.heard('approval.requested.v1');
    expect(request).toMatchObject({
      digest,
      needed: 1,
      notices: [{ code: 'UntrustedTextRead' }],
      requestedBy: { email: mara.email },
    });
    const { items } = await gateway.bus.ask(FindApprovals, { status: 'pending' });
    expect(items.map(({ callId }) => callId)).toContain(run.callId);
    expect(await run.decide(jonas, 'approve', digest, 'fine')).toEqual({ outcome: 'accepted' });
    const passed = await run.heard('gate.passed.v1');
    expect(passed.grant).toMatchObject({
      grantId: grantIdOf(run.callId, 1),
      planDigest: digest,
      approvers: [{ email: jonas.email }],
    });
    const decided = await run.heard('approval.decided.v1');
    expect(decided).toMatchObject({
      by: { email: jonas.email },
      reason: 'fine',
      evidence: { source: 'gateway', type: 'decide-approval.v1' },
    });
  });

  it('tells each of those who decide at once the truth, and decides once', async () => {
    const run = aRun();
    const digest = await run.waiting();
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => run.decide(jonas, 'approve', digest)),
      ...Array.from({ length: 5 }, () => run.decide(priya, 'refuse', digest)),
    ]);
    const outcomes = answers.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(4);
    expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(5);
  });

  it('answers a decision about another digest with the current one and changes nothing', async () => {
    const run = aRun();
    const digest = await run.waiting();
    expect(await run.decide(jonas, 'approve', 'f'.repeat(64))).toMatchObject({
      outcome: 'conflict',
      currentDigest: digest,
    });
    expect(run.heard.types()).not.toContain('gate.passed.v1');
  });

  it('asks afresh whether the person may decide', async () => {
    const run = aRun();
    const digest = await run.waiting();
    people.set(priya.id, { ...priya, roles: ['operator'] });
    expect(await run.decide(priya, 'approve', digest)).toMatchObject({ outcome: 'forbidden' });
    people.set(priya.id, { ...priya });
  });

  it('closes the call when a person refuses, and says why', async () => {
    const run = aRun();
    const digest = await run.waiting();
    await run.decide(jonas, 'refuse', digest, 'Not during the sale.');
    expect(await run.heard('gate.refused.v1')).toMatchObject({
      why: 'person',
      reason: 'Not during the sale.',
      by: { email: jonas.email },
    });
  });

  it('closes what nobody decided in time', async () => {
    const run = aRun();
    const digest = await run.waiting();
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'expired' });
    expect(run.heard.types()).toContain('approval.expired.v1');
    expect(await run.decide(jonas, 'approve', digest)).toMatchObject({ outcome: 'expired' });
  });

  it('withdraws what waits when the run is stopped, and asks nobody afterwards', async () => {
    const run = aRun();
    const digest = await run.waiting();
    await gateway.say(RunStopRequested, { ...run.at, data: { by: mara } });
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'withdrawn' });
    expect(await run.decide(jonas, 'approve', digest)).toMatchObject({ outcome: 'conflict' });
  });

  it('asks nobody about a plan that arrives while the run is being stopped', async () => {
    const run = aRun();
    await run.request('k8s_write');
    await run.heard('tool.plan-requested.v1');
    await gateway.say(RunStopRequested, { ...run.at, data: { by: mara } });
    await run.plan();
    // The two events race; whichever comes first, nobody can let the call through any more.
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'withdrawn' });
    expect(
      (await gateway.bus.ask(FindApprovals, { status: 'pending' })).items.map(({ callId }) => callId),
    ).not.toContain(run.callId);
  });

  it('refuses a plan that is about other arguments', async () => {
    const run = aRun();
    await run.request('k8s_write');
    await run.heard('tool.plan-requested.v1');
    await run.plan({ argsDigest: 'b'.repeat(64) });
    expect(await run.heard('gate.refused.v1')).toMatchObject({ why: 'policy', policy: 'planFitsItsCall' });
  });

  it('asks nobody about a call that could not be planned', async () => {
    const run = aRun();
    await run.request('k8s_write');
    await run.heard('tool.plan-requested.v1');
    await runner.say(ToolFailed, {
      ...run.at,
      data: { callId: run.callId, failure: { code: 'AlreadySo', message: 'It is so.' }, durationMs: 1 },
    });
    await run.heard('tool.failed.v1');
    expect(run.heard.types()).not.toContain('approval.requested.v1');
  });
});
