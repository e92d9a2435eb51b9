import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSeal, loadIdentity, type Bus } from '@skyflo/bus';
import {
  DeadLetter,
  EventId,
  FindDeadLetter,
  FindDeadLetters,
  LetterDied,
  LetterRedriveRequested,
  newId,
} from '@skyflo/contracts';
import { aGateway, type Gateway } from './a-gateway.ts';
import { everybody } from './people-of-the-tests.ts';

const id = EventId.parse(newId());
const [eventId, conversationId, runId] = [newId(), newId(), newId()];
const about = {
  type: 'tool.requested.v1',
  consumer: 'gate-tool-requested-v1',
  failure: { code: 'UnexpectedError', message: 'a check constraint was violated' },
  failedAt: '2026-11-24T10:00:00.000Z',
};
const shown = DeadLetter.parse({ id, ...about, conversationId, runId });
const data = { ...about, stream: 'RUNS', streamSequence: 7, eventId, conversationId, runId, tries: 9 };

describe('dead letters', () => {
  let gateway: Gateway;
  let people: Awaited<ReturnType<typeof everybody>>;
  let persistence: Bus;
  const requested: LetterRedriveRequested[] = [];

  beforeAll(async () => {
    gateway = await aGateway();
    people = await everybody(gateway);
    persistence = await gateway.busOf('persistence');
    const gate = await gateway.busOf('gate');
    const seal = createSeal(loadIdentity({ service: 'gate', signingKey: gateway.nats.signingKeys[gate.service] }));
    const letter = seal(LetterDied, { id, data }, 1);
    persistence.answer(FindDeadLetters, async () => ({ items: [shown] }));
    persistence.answer(FindDeadLetter, async ({ letterId }) => ({
      letter: letterId === id ? letter : null,
      closed: false,
    }));
    persistence.consumeStream('DEAD', async (batch) => {
      requested.push(
        ...batch.flatMap(({ event }) => (event.source === 'gateway' ? [event as LetterRedriveRequested] : [])),
      );
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

  it('are listed with what they were and why', async () => {
    expect(await list('admin')).toMatchObject({ status: 200, body: { items: [shown] } });
  });

  it('are unknown where there is no such letter', async () => {
    expect((await redrive('admin', newId())).status).toBe(404);
    expect((await redrive('admin', 'nonsense')).status).toBe(404);
  });

  it('are tried again once, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => redrive('admin')));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 202)?.body).toEqual({ id });
    while (requested.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const { person, email } = people.admin;
    expect(requested.map(({ data: said }) => said)).toMatchObject([
      { letterId: id, letter: { source: 'gate', data }, by: { id: person.id, email } },
    ]);
    expect((await redrive('admin')).body).toMatchObject({ code: 'RedriveRepeated' });
  });

  it('may be asked for again when nothing came of it for a minute', async () => {
    await gateway.sql("update redrives set at = at - interval '61 seconds'");
    expect((await redrive('admin')).status).toBe(202);
    while (requested.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const [first, second] = requested;
    expect(second?.data).toMatchObject({ letterId: id, letter: { source: 'gate', data } });
    expect(second?.id).not.toBe(first?.id);
    expect((await redrive('admin')).status).toBe(409);
  });
});
