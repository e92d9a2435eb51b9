import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Envelope, grantIdOf, newId, planDigest, RunStopRequested } from '@skyflo/contracts';
import { type Intruder, intrude } from '@skyflo/testkit';
import { aGate, aPlanOf, type Gate, jonas, mara, people } from './a-gate.ts';

const place = 'ask.gate.decide-approval.v1';
let gate: Gate;
/** Holds the gateway's NATS user: the only one that may ask for decisions at all. Its signing key it has not. */
let intruder: Intruder;

beforeAll(async () => {
  gate = await aGate();
  intruder = await intrude({ url: gate.nats.url, seed: gate.nats.seeds.gateway, inboxPrefix: '_INBOX_gateway' });
});
afterAll(async () => {
  await intruder.close();
  await gate.close();
});

type Told = { data: { answer?: { outcome: string; currentDigest?: string }; failure?: { code: string } } };
const told = (text: string | undefined) => (text === undefined ? undefined : (JSON.parse(text) as Told).data.answer);
const effects = async (runId: string) =>
  (await gate.emitted(runId)).filter((type) => /decided|passed|refused|expired|withdrawn/.test(type));

/** A decision that was made, as the bytes of its question that went over the wire. */
async function decided(decision: 'approve' | 'refuse') {
  const run = gate.aRun();
  const digest = await run.waiting();
  await run.decide(jonas, decision, digest);
  const { evidence } = await run.heard('approval.decided.v1');
  await run.heard('gate.passed.v1', 'gate.refused.v1');
  return { run, digest, bytes: JSON.stringify(evidence), effects: await effects(run.at.runId) };
}

describe('a genuine decision that somebody sends again', () => {
  it.each(['approve', 'refuse'] as const)('decides nothing twice (%s)', async (decision) => {
    const { run, bytes, effects: before } = await decided(decision);
    const answers = await Promise.all(Array.from({ length: 20 }, () => intruder.ask(place, bytes)));
    expect(new Set(answers.map((answer) => told(answer)?.outcome))).toEqual(new Set(['repeated']));
    expect(await effects(run.at.runId)).toEqual(before);
    const grants = await gate.tables.query<unknown[]>('select 1 from grants where grant_id = $1', [
      grantIdOf(run.callId, 1),
    ]);
    expect(grants).toHaveLength(decision === 'approve' ? 1 : 0);
  });

  it('cannot decide another revision of the same call', async () => {
    const run = gate.aRun();
    const older = await run.waiting();
    // Forbidden when it was asked, so it was never used up; its bytes are as good as any.
    people.set(jonas.id, { ...jonas, roles: ['viewer'] });
    const asked = await captured(() => run.decide(jonas, 'approve', older));
    people.set(jonas.id, { ...jonas });
    const plan = aPlanOf(run.callId, 2);
    const newer = planDigest(plan);
    await gate.tables.query(
      `insert into approvals (call_id, revision, digest, request, requested_by, state, needed, expires_at)
       select call_id, 2, $2, request || jsonb_build_object('revision', 2, 'digest', $2::text, 'plan', $3::jsonb),
         requested_by, state, needed, expires_at from approvals where call_id = $1`,
      [run.callId, newer, JSON.stringify(plan)],
    );
    expect(told(await intruder.ask(place, asked))).toMatchObject({ outcome: 'conflict', currentDigest: newer });
    expect(await effects(run.at.runId)).toEqual([]);
  });

  it.each([
    [
      'another call',
      (question: Envelope<string, object>, callId: string) => ({ ...question, data: { ...question.data, callId } }),
    ],
    [
      'another person',
      (question: Envelope<string, object>) => ({ ...question, data: { ...question.data, person: mara } }),
    ],
    ['another time', (question: Envelope<string, object>) => ({ ...question, time: new Date().toISOString() })],
    ['another id', (question: Envelope<string, object>) => ({ ...question, id: newId() })],
  ])('is not believed with %s in it', async (_what, change) => {
    const { bytes } = await decided('approve');
    const other = gate.aRun();
    await other.waiting();
    const changed = change(JSON.parse(bytes) as Envelope<string, object>, other.callId);
    expect(await intruder.ask(place, changed, 500)).toBeUndefined();
    expect(await effects(other.at.runId)).toEqual([]);
  });

  it('comes too late for a run that was stopped', async () => {
    const run = gate.aRun();
    const digest = await run.waiting();
    people.set(jonas.id, { ...jonas, roles: ['viewer'] });
    const asked = await captured(() => run.decide(jonas, 'approve', digest));
    people.set(jonas.id, { ...jonas });
    await gate.gateway.say(RunStopRequested, { ...run.at, data: { by: mara } });
    await run.heard('gate.refused.v1');
    expect(told(await intruder.ask(place, asked))).toMatchObject({ outcome: 'conflict' });
    expect(await effects(run.at.runId)).toEqual(['approval.withdrawn.v1', 'gate.refused.v1']);
  });
});

describe('genuine events that somebody stores again', () => {
  it('make the gate do nothing twice', async () => {
    const { run, effects: before } = await decided('approve');
    const all = await gate.emitted(run.at.runId);
    const admin = await intrude({ url: gate.nats.url, seed: gate.nats.adminSeed });
    for (const event of run.heard.all()) {
      admin.send(event.subject, event, { msgId: newId() });
      admin.send(event.subject, event);
    }
    await admin.settled();
    const gates = (await consumersOf(admin)).filter((name) => name.startsWith('gate-'));
    for (const name of gates) await untilRead(admin, name);
    expect(await gate.emitted(run.at.runId)).toEqual(all);
    expect(await effects(run.at.runId)).toEqual(before);
    await admin.close();
  });
});

/** The bytes of the question that `ask` makes the gateway send, taken down on the way. */
async function captured(ask: () => Promise<unknown>): Promise<string> {
  const admin = await intrude({ url: gate.nats.url, seed: gate.nats.adminSeed });
  admin.listen(place);
  await admin.settled();
  await ask();
  await admin.settled();
  const [heard] = admin.heard;
  await admin.close();
  if (!heard) throw new Error('no question came by');
  return heard.text;
}

async function consumersOf(admin: Intruder): Promise<string[]> {
  const answer = await admin.ask('$JS.API.CONSUMER.NAMES.RUNS', '{}');
  return (JSON.parse(answer ?? '{}') as { consumers: string[] }).consumers;
}

async function untilRead(admin: Intruder, consumer: string): Promise<void> {
  type Info = { num_pending: number; num_ack_pending: number };
  const open = async () => {
    const answer = await admin.ask(`$JS.API.CONSUMER.INFO.RUNS.${consumer}`, '');
    const { num_pending, num_ack_pending } = JSON.parse(answer ?? '{}') as Info;
    return num_pending + num_ack_pending;
  };
  while ((await open()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
