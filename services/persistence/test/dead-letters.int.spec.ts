import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  ConversationId,
  EventId,
  FindConversation,
  FindDeadLetter,
  FindDeadLetters,
  LetterDied,
  LetterRedriveRequested,
  MessageId,
  newId,
  PersonId,
  RunRequested,
  type DeadLetter,
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
import { DataSource } from 'typeorm';
import { migrations } from '../src/adapters/migrations/index.ts';
import { loadConfig } from '../src/config.ts';
import { PersistenceModule } from '../src/persistence.module.ts';

jest.setTimeout(30_000);

const mara = { id: PersonId.parse(newId()), email: 'mara@example.org', roles: ['operator' as const] };
let database: TestDatabase;
let nats: TestNats;
let gateway: Voice;
let service: RunningService;
let sql: DataSource;

beforeAll(async () => {
  [database, nats] = await Promise.all([createTestDatabase(), startTestNats()]);
  await migrate({ url: database.urlFor('persistence'), schema: 'persistence', migrations });
  sql = await new DataSource({ type: 'postgres', url: database.adminUrl }).initialize();
  gateway = await aVoice(nats, 'gateway');
  service = await bootService({
    service: 'persistence',
    ownsProcess: false,
    config: loadConfig({ ...serviceEnv('persistence', { database, nats }), PERSISTENCE_MAX_TRIES: '2' }),
    migrations,
    module: PersistenceModule,
  });
});
afterEach(mend);
afterAll(async () => {
  await service.close();
  await gateway.close();
  await sql.destroy();
  await Promise.all([nats.stop(), database.drop()]);
});

/** From now on the record cannot take the messages of one conversation. */
async function poison(conversationId: string): Promise<void> {
  await sql.query(`
    create function persistence.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'the disk of this row is broken'; end $$;
    create trigger refuse before insert on persistence.messages for each row
      when (new.conversation_id = '${conversationId}') execute function persistence.refuse()`);
}

async function mend(): Promise<void> {
  await sql.query('drop function if exists persistence.refuse() cascade');
}

async function say(conversationId: string): Promise<{ runId: string; eventId: string }> {
  const runId = newId();
  const data = { messageId: MessageId.parse(newId()), content: 'hello', requestedBy: mara };
  return { runId, eventId: await gateway.say(RunRequested, { conversationId, runId, data }) };
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const letters = async () => (await gateway.bus.ask(FindDeadLetters, { limit: 200 })).items;
const letterOf = (runId: string, besides?: DeadLetter) =>
  eventually(async () => (await letters()).find((letter) => letter.runId === runId && letter.id !== besides?.id));
const messagesOf = async (conversationId: string) => {
  const asked = { conversationId: ConversationId.parse(conversationId) };
  return (await gateway.bus.ask(FindConversation, asked)).conversation?.messages.length ?? 0;
};
const recorded = (conversationId: string) =>
  eventually(async () => ((await messagesOf(conversationId)) > 0 ? true : undefined));

async function redrive({ id }: DeadLetter): Promise<void> {
  const { letter } = await gateway.bus.ask(FindDeadLetter, { letterId: id });
  if (!letter) throw new Error(`no letter ${id}`);
  await gateway.say(LetterRedriveRequested, { data: { letterId: id, by: mara, letter } });
}

describe('an event that cannot be recorded', () => {
  it('becomes a dead letter that says which and why, and the record goes on with the others', async () => {
    const [sick, healthy] = [newId(), newId()];
    await poison(sick);
    const [{ runId, eventId }] = await Promise.all([say(sick), say(healthy)]);
    const after = newId();
    const letter = await letterOf(runId);
    expect(letter).toEqual({
      id: expect.any(String),
      type: RunRequested.type,
      consumer: 'persistence-runs',
      conversationId: sick,
      runId,
      failure: { code: 'UnexpectedError', message: 'the disk of this row is broken' },
      failedAt: expect.stringMatching(/Z$/),
    });
    await say(after);
    await Promise.all([recorded(healthy), recorded(after)]);
    expect(await messagesOf(sick)).toBe(0);
    const { letter: signed } = await gateway.bus.ask(FindDeadLetter, { letterId: letter.id });
    const { original = '', ...data } = LetterDied.data.parse(signed?.data);
    expect(JSON.parse(original)).toMatchObject({ id: eventId, source: 'gateway', sig: expect.any(String) });
    expect(data).toMatchObject({ eventId, tries: 2 });
  });

  it('is a new dead letter where a redrive fails, and is recorded where it succeeds', async () => {
    const sick = newId();
    await poison(sick);
    const { runId } = await say(sick);
    const first = await letterOf(runId);
    await redrive(first);
    const second = await letterOf(runId, first);
    expect((await letters()).filter((letter) => letter.runId === runId)).toEqual([second]);
    await mend();
    await redrive(second);
    await recorded(sick);
    await eventually(async () => ((await letters()).some((letter) => letter.runId === runId) ? undefined : true));
    const { closed } = await gateway.bus.ask(FindDeadLetter, { letterId: second.id });
    expect(closed).toBe(true);
    expect(await messagesOf(sick)).toBe(1);
  });

  it('is not handled again for a letter that this service did not sign', async () => {
    const sick = newId();
    await poison(sick);
    const { runId } = await say(sick);
    const letter = await letterOf(runId);
    const { letter: signed } = await gateway.bus.ask(FindDeadLetter, { letterId: letter.id });
    if (!signed) throw new Error('no letter');
    await mend();
    const data = { ...LetterDied.data.parse(signed.data), tries: 77 };
    const forged = { letterId: letter.id, by: mara, letter: { ...signed, data } };
    await gateway.say(LetterRedriveRequested, { data: forged });
    const after = newId();
    await say(after);
    await recorded(after);
    expect(await messagesOf(sick)).toBe(0);
    await redrive(letter);
    await recorded(sick);
  });

  it('is unknown where there is no such letter', async () => {
    const asked = { letterId: EventId.parse(newId()) };
    expect(await gateway.bus.ask(FindDeadLetter, asked)).toEqual({ letter: null, closed: false });
  });
});
