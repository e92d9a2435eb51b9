import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { handleChannel, type Handling } from '@skyflo/bus';
import {
  callIdOf,
  GateRefused,
  LetterDied,
  LetterRedriven,
  LetterRedriveRequested,
  newId,
  PersonId,
  ToolRequested,
  type AnyEvent,
} from '@skyflo/contracts';
import { migrate } from '@skyflo/store';
import { aVoice, createTestDatabase, serviceEnv, startTestNats } from '@skyflo/testkit';
import type { TestDatabase, TestNats, Voice } from '@skyflo/testkit';
import { DataSource } from 'typeorm';
import { bootService, type RunningService } from '../src/index.ts';
import { Calls1700000000000, loadConfig, SmallGateModule } from './small-gate.ts';

const by = { id: PersonId.parse(newId()), email: 'mara@example.org' };
const migrations = [Calls1700000000000];

let nats: TestNats;
let database: TestDatabase;
let service: RunningService;
let voices: Record<'planner' | 'gateway' | 'persistence', Voice>;
let admin: DataSource;
const said: AnyEvent[] = [];

beforeAll(async () => {
  [nats, database] = await Promise.all([startTestNats(), createTestDatabase()]);
  await migrate({ url: database.urlFor('gate'), schema: 'gate', migrations });
  const env = { ...serviceEnv('gate', { database, nats }), GATE_MAX_TRIES: '2' };
  service = await bootService({
    service: 'gate',
    config: loadConfig(env),
    migrations,
    module: SmallGateModule,
    ownsProcess: false,
  });
  const [planner, gateway, persistence] = await Promise.all([
    aVoice(nats, 'planner'),
    aVoice(nats, 'gateway'),
    aVoice(nats, 'persistence'),
  ]);
  voices = { planner, gateway, persistence };
  for (const stream of ['RUNS', 'DEAD'] as const)
    persistence.bus.consumeStream(
      stream,
      async (batch) => void said.push(...batch.map(({ event }) => event as AnyEvent)),
    );
  admin = await new DataSource({ type: 'postgres', url: database.adminUrl }).initialize();
});
afterAll(async () => {
  await service.close();
  await Promise.all([...Object.values(voices).map((voice) => voice.close()), admin.destroy()]);
  await Promise.all([nats.stop(), database.drop()]);
});

async function heard<T extends AnyEvent['type']>(
  type: T,
  fits: (event: Extract<AnyEvent, { type: T }>) => boolean,
): Promise<Extract<AnyEvent, { type: T }>> {
  for (;;) {
    const found = all(type).find(fits);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function requestTool(runId = newId()) {
  const conversationId = newId();
  const callId = callIdOf(runId, 0, 0);
  const requestedBy = { ...by, roles: ['operator' as const] };
  const data = { callId, tool: 'k8s_get', args: {}, requestedBy, purpose: 'model' as const, afterUntrustedText: false };
  const eventId = await voices.planner.say(ToolRequested, { conversationId, runId, data });
  return { conversationId, runId, callId, eventId };
}

/** Calls with this id cannot be kept until the function that is returned has run. */
async function poison(callId: string): Promise<() => Promise<void>> {
  await admin.query(`alter table gate.calls add constraint poison check (id <> '${callId}') not valid`);
  return async () => void (await admin.query('alter table gate.calls drop constraint poison'));
}

const diedOf = (eventId: string) => heard(LetterDied.type, ({ data }) => data.eventId === eventId);
const refusedOf = (callId: string) => heard(GateRefused.type, ({ data }) => data.callId === callId);
const redrive = async (letter: LetterDied) => {
  const letterId = LetterRedriveRequested.data.shape.letterId.parse(letter.id);
  return voices.gateway.say(LetterRedriveRequested, { data: { letterId, letter, by } });
};

/** The constraint is there before the event is. */
async function aPoisonedCall() {
  const runId = newId();
  const mend = await poison(callIdOf(runId, 0, 0));
  return { ...(await requestTool(runId)), mend };
}

const all = <T extends AnyEvent['type']>(type: T) =>
  said.filter((event): event is Extract<AnyEvent, { type: T }> => event.type === type);

describe('an event that a service cannot handle', () => {
  it('becomes one dead letter that says who, what and why, and everything else goes on', async () => {
    const { conversationId, runId, eventId, mend } = await aPoisonedCall();
    const letter = await diedOf(eventId);
    const other = await requestTool();
    await refusedOf(other.callId);
    expect(letter).toMatchObject({
      source: 'gate',
      causationid: eventId,
      data: {
        consumer: 'gate-tool-requested-v1',
        stream: 'RUNS',
        type: 'tool.requested.v1',
        conversationId,
        runId,
        failure: { code: 'UnexpectedError', message: expect.stringContaining('poison') },
        tries: 2,
      },
    });
    expect(all(LetterDied.type).filter(({ data }) => data.eventId === eventId)).toHaveLength(1);
    await mend();
  });

  it('is handled once the cause is mended and somebody wants it tried again, and only once', async () => {
    const { callId, eventId, mend } = await aPoisonedCall();
    const letter = await diedOf(eventId);
    await mend();
    await Promise.all([redrive(letter), redrive(letter)]);
    await heard(LetterRedriven.type, ({ data }) => data.letterId === letter.id);
    expect((await refusedOf(callId)).causationid).toBe(eventId);
    const after = await requestTool();
    await refusedOf(after.callId);
    expect(all(GateRefused.type).filter(({ data }) => data.callId === callId)).toHaveLength(1);
    expect(all(LetterRedriven.type).filter(({ data }) => data.letterId === letter.id)).toHaveLength(1);
  });

  it('leaves a new letter in place of the old one when it fails again, which can be tried again in turn', async () => {
    const { callId, eventId, mend } = await aPoisonedCall();
    const first = await diedOf(eventId);
    await redrive(first);
    const second = await heard(LetterDied.type, ({ data }) => data.redriveOf === first.id);
    expect(second.data).toMatchObject({ eventId, consumer: 'gate-tool-requested-v1' });
    await mend();
    await redrive(second);
    await heard(LetterRedriven.type, ({ data }) => data.letterId === second.id);
    await refusedOf(callId);
  });

  it('is no dead letter while the database is away, however often it was tried', async () => {
    const name = new URL(database.adminUrl).pathname.slice(1);
    await admin.query(`alter database ${name} connection limit 0`);
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'gate' and datname = current_database()",
    );
    const tries = failuresOf(ToolRequested.type);
    const { callId, eventId } = await requestTool();
    await tries.reached(4);
    await admin.query(`alter database ${name} connection limit -1`);
    await refusedOf(callId);
    expect(all(LetterDied.type).filter(({ data }) => data.eventId === eventId)).toEqual([]);
  });
});

/** Counts how often a handler of this process threw. */
function failuresOf(type: string) {
  let count = 0;
  handleChannel.error.subscribe((message) => {
    if ((message as Handling).type === type) count += 1;
  });
  return {
    reached: async (wanted: number): Promise<void> => {
      while (count < wanted) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}
