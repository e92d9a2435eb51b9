import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DecideApproval, Failure, FindPeople, FindTools, newId, type Envelope } from '@skyflo/contracts';
import { loadIdentity, type Bus } from '@skyflo/bus';
import { startTestNats, type TestNats } from '@skyflo/testkit';
import { sealAnswer, sealQuestion } from '../src/questions/envelopes.ts';
import { aLogger, aPerson, rawClient, until } from './samples.ts';

const nothing = { tools: [], clusters: [] };

describe('questions over the bus', () => {
  let nats: TestNats;
  let open: Bus[] = [];
  const as = async (...[service, options]: Parameters<TestNats['connect']>) => {
    const bus = await nats.connect(service, options);
    open.push(bus);
    return bus;
  };
  const identityOf = (service: 'gateway' | 'gate' | 'planner' | 'persistence') =>
    loadIdentity({ service, signingKey: nats.signingKeys[service] });
  const findTools = {
    question: FindTools,
    answeredBy: 'tool-runner' as const,
    askedBy: ['gateway', 'planner', 'gate'] as const,
  };

  beforeAll(async () => {
    nats = await startTestNats();
  }, 30_000);
  afterEach(async () => {
    await Promise.all(open.map((bus) => bus.close({ graceMs: 0 })));
    open = [];
  });
  afterAll(() => nats.stop());

  it('are answered by the service the catalog names', async () => {
    const tool = { name: 'k8s_get', title: 'Get', description: 'reads', class: 'read' as const, inputSchema: {} };
    (await as('tool-runner')).answer(FindTools, async () => ({ tools: [tool], clusters: [] }));
    expect(await (await as('planner')).ask(FindTools, {})).toEqual({ tools: [tool], clusters: [] });
  });

  it('reach the handler with their signed envelope, which can be kept as evidence', async () => {
    const seen: Envelope[] = [];
    (await as('gateway')).answer(FindPeople, async (_, { envelope }) => {
      seen.push(envelope);
      return { people: [] };
    });
    const { id } = aPerson();
    const causationId = newId();
    await (await as('gate')).ask(FindPeople, { ids: [id] }, { causationId });
    expect(seen[0]).toMatchObject({
      type: 'find-people.v1',
      source: 'gate',
      subject: 'ask.gateway.find-people.v1',
      causationid: causationId,
      data: { ids: [id] },
      kid: expect.stringMatching(/^gate-[0-9a-f]{12}$/),
      sig: expect.any(String),
    });
  });

  it('are shared among the replicas of a service', async () => {
    const by = [0, 0];
    for (const at of [0, 1])
      (await as('tool-runner')).answer(FindTools, async () => {
        by[at] = (by[at] ?? 0) + 1;
        return nothing;
      });
    const planner = await as('planner');
    await Promise.all(Array.from({ length: 40 }, () => planner.ask(FindTools, {})));
    expect((by[0] ?? 0) + (by[1] ?? 0)).toBe(40);
    expect(Math.min(...by)).toBeGreaterThan(0);
  });

  it('end after their time when nobody is there', async () => {
    const asked = (await as('planner')).ask(FindTools, {}, { timeoutMs: 300 });
    await expect(asked).rejects.toMatchObject({
      code: 'QuestionUnanswered',
      retryable: true,
      message: 'tool-runner did not answer within 0.3 s',
    });
  });

  it('end after their time when the handler is too slow', async () => {
    (await as('tool-runner')).answer(FindTools, () => new Promise(() => undefined));
    const asked = (await as('planner')).ask(FindTools, {}, { timeoutMs: 200 });
    await expect(asked).rejects.toMatchObject({ code: 'QuestionUnanswered', retryable: true });
  });

  it('wait for a service that is just starting', async () => {
    const asked = (await as('planner')).ask(FindTools, {});
    (await as('tool-runner')).answer(FindTools, async () => nothing);
    expect(await asked).toEqual(nothing);
  });

  it('end at once when the asker no longer wants to know', async () => {
    const asking = new AbortController();
    const asked = (await as('planner')).ask(FindTools, {}, { signal: asking.signal });
    asking.abort();
    await expect(asked).rejects.toThrow();
  });

  it('bring the failure of the handler back to the asker', async () => {
    (await as('tool-runner')).answer(FindTools, async () => {
      throw Failure.terminal('NoCluster', 'no cluster is connected', { hint: 'connect one' });
    });
    const refused = (await as('planner')).ask(FindTools, {});
    await expect(refused).rejects.toMatchObject({
      name: 'Failure',
      code: 'NoCluster',
      retryable: false,
      hint: 'connect one',
    });
  });

  it('bring back that trying again may help when the handler threw something unknown', async () => {
    (await as('tool-runner')).answer(FindTools, async () => {
      throw new Error('connection terminated unexpectedly');
    });
    const failed = (await as('planner')).ask(FindTools, {});
    await expect(failed).rejects.toMatchObject({ code: 'UnexpectedError', retryable: true });
  });

  it('refuse what does not fit their schema before it is sent', async () => {
    const asked = (await as('gateway')).ask(DecideApproval, { callId: 'nonsense' } as never);
    await expect(asked).rejects.toMatchObject({ code: 'DataInvalid' });
  });

  it('may only be asked by those the catalog names', async () => {
    await expect((await as('persistence')).ask(FindTools, {})).rejects.toMatchObject({ code: 'AskerNotAllowed' });
    expect(() => open[0]?.answer(FindTools, async () => nothing)).toThrow('does not have persistence answer');
  });

  describe('refuse', () => {
    const answerers = async () => {
      const logger = aLogger();
      let handled = 0;
      (await as('tool-runner', { logger })).answer(FindTools, async () => {
        handled += 1;
        return nothing;
      });
      return { logger, handled: () => handled };
    };
    const refusedWith = async (code: string, question: Envelope, replyTo = '_INBOX_planner.x') => {
      const { logger, handled } = await answerers();
      const admin = await rawClient(nats, 'admin');
      await admin.flush();
      admin.publish('ask.tool-runner.find-tools.v1', JSON.stringify(question), { reply: replyTo });
      await admin.flush();
      await until(() => logger.said.some(({ pairs }) => pairs['code'] === code));
      expect(handled()).toBe(0);
      await admin.close();
    };
    const aQuestion = (now = new Date()) => sealQuestion(identityOf('planner'), findTools, { asked: {}, now });

    it('a forged question', () => refusedWith('SignatureInvalid', { ...aQuestion(), id: newId() }));

    it('a question of a service that may not ask it', () =>
      refusedWith(
        'EmitterNotAllowed',
        sealQuestion(identityOf('persistence'), findTools, { asked: {}, now: new Date() }),
      ));

    it('an old question', () => refusedWith('QuestionTooOld', aQuestion(new Date(Date.now() - 60_000))));

    it('to publish an answer anywhere but in the asker’s inbox', () =>
      refusedWith('SubjectMismatch', aQuestion(), 'run.a.b.gate.passed.v1'));

    const answeredBy = async (answer: (question: Envelope, replyTo: string) => unknown) => {
      const admin = await rawClient(nats, 'admin');
      admin.subscribe('ask.tool-runner.find-tools.v1', {
        callback: (_, message) => {
          message.respond(JSON.stringify(answer(message.json<Envelope>(), message.reply ?? '')));
        },
      });
      await admin.flush();
      const logger = aLogger();
      const asked = (await as('planner', { logger })).ask(FindTools, {});
      await expect(asked).rejects.toMatchObject({ code: 'AnswerRefused', retryable: false });
      expect(logger.said.find(({ message }) => message === 'answer refused')?.pairs).toMatchObject({
        question: 'find-tools.v1',
        claimed: { bytes: expect.any(Number) },
        code: expect.any(String),
      });
      await admin.close();
    };
    const body = { answer: nothing };

    it('an answer signed by another service', () =>
      answeredBy((question, replyTo) => sealAnswer(identityOf('gate'), question, { body, replyTo, now: new Date() })));

    const runner = () => loadIdentity({ service: 'tool-runner', signingKey: nats.signingKeys['tool-runner'] });

    it('an answer to another question', () => {
      return answeredBy((question, replyTo) =>
        sealAnswer(runner(), { ...question, id: newId() }, { body, replyTo, now: new Date() }),
      );
    });

    it('an answer without a signature', () =>
      answeredBy((question, replyTo) => {
        const { sig: _sig, kid: _kid, ...rest } = sealAnswer(runner(), question, { body, replyTo, now: new Date() });
        return rest;
      }));

    it('an answer with the signature of another one', () =>
      answeredBy((question, replyTo) => {
        const answer = sealAnswer(runner(), question, { body, replyTo, now: new Date() });
        return { ...answer, data: { answer: { tools: [], clusters: [], more: true } } };
      }));

    it('an answer that answered an earlier question of the same kind', async () => {
      let first: Envelope | undefined;
      await answeredBy((question, replyTo) => {
        first ??= sealAnswer(runner(), { ...question, id: newId() }, { body, replyTo, now: new Date() });
        return first;
      });
    });

    it('the question itself, sent back', () => answeredBy((question) => question));

    it('an answer that is no envelope', () => answeredBy(() => ({ tools: [] })));
  });
});
