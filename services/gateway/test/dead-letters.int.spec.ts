import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bus } from '@skyflo/bus';
import { DeadLetter, EventId, FindDeadLetters, LetterRedriveRequested, newId } from '@skyflo/contracts';
import { aGateway, type Gateway } from './a-gateway.ts';
import { everybody } from './people-of-the-tests.ts';

const id = EventId.parse(newId());
const kept = {
  id,
  ...DeadLetter.parse({
    consumer: 'gate-tool-requested-v1',
    stream: 'RUNS',
    streamSequence: 7,
    eventId: newId(),
    eventType: 'tool.requested.v1',
    conversationId: newId(),
    runId: newId(),
    failure: { code: 'UnexpectedError', message: 'a check constraint was violated' },
    tries: 9,
    failedAt: '2026-11-24T10:00:00.000Z',
  }),
};

describe('dead letters', () => {
  let gateway: Gateway;
  let people: Awaited<ReturnType<typeof everybody>>;
  let persistence: Bus;
  const requested: LetterRedriveRequested[] = [];

  beforeAll(async () => {
    gateway = await aGateway();
    people = await everybody(gateway);
    persistence = await gateway.busOf('persistence');
    persistence.answer(FindDeadLetters, async (asked) => ({
      items: asked.id === undefined || asked.id === id ? [kept] : [],
    }));
    persistence.consumeStream('DEAD', async (batch) => {
      requested.push(...batch.map(({ event }) => event as LetterRedriveRequested));
    });
  });
  afterAll(() => gateway.close());

  const list = (who: keyof typeof people) => gateway.call('GET', '/dead-letters', { token: people[who].token });
  const redrive = (who: keyof typeof people, which: string = id) =>
    gateway.call('POST', `/dead-letters/${which}/redrive`, { token: people[who].token });

  it('are for admins only', async () => {
    for (const who of ['viewer', 'operator', 'approver'] as const) {
      expect((await list(who)).status).toBe(403);
      expect((await redrive(who)).status).toBe(403);
    }
    expect((await gateway.call('GET', '/dead-letters')).status).toBe(401);
  });

  it('are listed with what they were, why, and nothing of what was in them', async () => {
    const { eventType: type, consumer, conversationId, runId, failure, failedAt } = kept;
    expect(await list('admin')).toMatchObject({ status: 200 });
    expect((await list('admin')).body).toEqual({
      items: [{ id, type, consumer, conversationId, runId, failure, failedAt }],
    });
  });

  it('are unknown where there is no such letter', async () => {
    expect((await redrive('admin', newId())).status).toBe(404);
    expect((await redrive('admin', 'nonsense')).status).toBe(404);
  });

  it('are tried again once, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => redrive('admin')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 202)?.body).toEqual({ id });
    while (requested.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const { id: _itsOwn, ...letter } = kept;
    const { admin } = people;
    expect(requested.map(({ data }) => data)).toEqual([
      { letterId: id, letter, by: { id: admin.person.id, email: admin.email } },
    ]);
    expect((await redrive('admin')).body).toMatchObject({ code: 'RedriveRequested' });
  });
});
