import 'reflect-metadata';
import {
  argsDigest,
  type CallId,
  callIdOf,
  type ClusterState,
  DecideApproval,
  type Envelope,
  FindPeople,
  FindTools,
  grantIdOf,
  newId,
  type Person,
  PersonId,
  type Plan,
  planDigest,
  ToolDescription,
  ToolPlanned,
  ToolRequested,
} from '@skyflo/contracts';
import { bootService, Clock } from '@skyflo/service-kit';
import { migrate } from '@skyflo/store';
import { aVoice, createTestDatabase, serviceEnv, startTestNats } from '@skyflo/testkit';
import { aPlan } from '@skyflo/testkit/builders';
import { DataSource } from 'typeorm';
import { migrations } from '../src/adapters/migrations/index.ts';
import { loadConfig } from '../src/config.ts';
import { GateModule } from '../src/gate.module.ts';
import { hear } from './hear.ts';

const aPerson = (email: string, role: Person['roles'][number]) => ({
  id: PersonId.parse(newId()),
  email,
  roles: [role],
  active: true,
});
export const mara = aPerson('mara@example.org', 'operator');
export const jonas = aPerson('jonas@example.org', 'approver');
export const priya = aPerson('priya@example.org', 'approver');
/** Everybody as the gateway would tell of them now. */
export const people = new Map([mara, jonas, priya].map((person) => [person.id, { ...person }]));

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
const args = { name: 'checkout', replicas: 3 };

/** The real time, and as much of the future as a test asks for. */
class ShiftedClock extends Clock {
  #aheadMs = 0;

  override now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
  }
}

/** The gate on servers of its own; the test takes the other services' places at the bus. */
export async function aGate(env: NodeJS.ProcessEnv = {}) {
  const [database, nats] = await Promise.all([createTestDatabase(), startTestNats()]);
  await migrate({ url: database.urlFor('gate'), schema: 'gate', migrations });
  const clock = new ShiftedClock();
  const running = await bootService({
    service: 'gate',
    ownsProcess: false,
    config: loadConfig({ ...serviceEnv('gate', { database, nats }), GATE_SWEEP_MS: '50', ...env }),
    migrations,
    module: GateModule,
    clock,
  });
  const [planner, runner, gateway] = await Promise.all([
    aVoice(nats, 'planner'),
    aVoice(nats, 'tool-runner'),
    aVoice(nats, 'gateway'),
  ]);
  runner.bus.answer(FindTools, async () => ({ tools, clusters }));
  gateway.bus.answer(FindPeople, async ({ ids }) => ({ people: ids.flatMap((id) => people.get(id) ?? []) }));
  const tables = await new DataSource({
    type: 'postgres',
    url: database.urlFor('gate'),
    extra: { options: '-c search_path=gate' },
  }).initialize();

  return {
    clock,
    nats,
    planner,
    runner,
    gateway,
    tables,
    aRun: () => stepsOf(newRun()),
    /** Everything the gate has emitted about a run, published yet or not: what the transactions committed. */
    async emitted(runId: string): Promise<string[]> {
      const rows = await tables.query<{ envelope: Envelope }[]>(
        `select envelope from outbox where envelope ->> 'runid' = $1 order by position`,
        [runId],
      );
      return rows.map(({ envelope }) => envelope.type);
    },
    async close(): Promise<void> {
      await tables.destroy();
      await running.close();
      await Promise.all([planner, runner, gateway].map((voice) => voice.close()));
      await Promise.all([database.drop(), nats.stop()]);
    },
  };

  function stepsOf({ callId, at }: NewRun) {
    const heard = hear(gateway.bus, at.conversationId);
    const request = (tool: string, over: object = {}) =>
      planner.say(ToolRequested, {
        ...at,
        data: { callId, tool, args, requestedBy: mara, purpose: 'model', afterUntrustedText: true, ...over },
      });
    const plan = async (over: Partial<Plan> = {}): Promise<Plan> => {
      const made = aPlanOf(callId, 1, over);
      await runner.say(ToolPlanned, { ...at, data: { callId, revision: 1, plan: made } });
      return made;
    };
    return {
      callId,
      at,
      heard,
      request,
      plan,
      decide: (person: Person, decision: 'approve' | 'refuse', digest: string, reason?: string) =>
        gateway.bus.ask(DecideApproval, { callId, person, decision, digest, ...(reason ? { reason } : {}) }),
      /** As far as a person being asked; the digest of what they are asked about. */
      async waiting(): Promise<string> {
        await request('k8s_write');
        await heard('tool.plan-requested.v1');
        const made = await plan();
        await heard('approval.requested.v1');
        return planDigest(made);
      },
    };
  }
}
export type Gate = Awaited<ReturnType<typeof aGate>>;

type NewRun = { readonly callId: CallId; readonly at: { readonly conversationId: string; readonly runId: string } };

/** One run of its own, so that tests do not see each other. */
function newRun(): NewRun {
  const runId = newId();
  return { callId: callIdOf(runId, 0, 0), at: { conversationId: newId(), runId } };
}

export function aPlanOf(callId: CallId, revision: number, over: Partial<Plan> = {}): Plan {
  return aPlan({ tool: 'k8s_write', argsDigest: argsDigest(args), grantId: grantIdOf(callId, revision) }, over);
}
