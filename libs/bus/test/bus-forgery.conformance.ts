/** Everything that somebody with a service's NATS user, or with none, could try. The list of targets is the catalog's. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newId,
  questions,
  questionSubject,
  services,
  streams,
  subjectOf,
  type CatalogEntry,
  type Envelope,
  type QuestionEntry,
  type ServiceName,
} from '@skyflo/contracts';
import { generateNatsUser, topology } from '@skyflo/bus';
import { intrude } from '@skyflo/testkit';
import { besieged, type Besieged, borrowed, forged, genuine, otherThan, signAs, signed, unsigned } from './besieged.ts';
import { until } from './samples.ts';

const everyQuestion: readonly QuestionEntry[] = questions;
let siege: Besieged;
beforeAll(async () => {
  siege = await besieged();
}, 60_000);
afterAll(() => siege.close());

const patience = 30_000;
/** Who hears of an event: those the catalog names, and the record. */
const hearersOf = ({ to }: CatalogEntry): readonly ServiceName[] => [...to, 'persistence'];
const violation = (subject: string) => `Permissions Violation for Publish to "${subject}"`;

/** The user publishes; where the server lets it, every hearer must refuse and say what and who. */
async function refusedByAll(
  user: ServiceName,
  tries: readonly { entry: CatalogEntry; subject: string; envelope: Envelope; code: string }[],
): Promise<void> {
  const { intruders, refusals } = siege;
  const intruder = intruders[user];
  for (const { subject, envelope } of tries) intruder.send(subject, envelope, { msgId: newId() });
  await intruder.settled();
  const [mine, others] = [
    tries.filter(({ entry }) => entry.from.includes(user)),
    tries.filter(({ entry }) => !entry.from.includes(user)),
  ];
  for (const { subject } of others) expect(intruder.refused.join('\n')).toContain(violation(subject));
  const heard = () =>
    mine.every(({ entry, envelope }) =>
      hearersOf(entry).every((service) => refusals(service, { id: envelope.id }).length > 0),
    );
  await until(heard, patience);
  for (const { entry, subject, envelope, code } of mine)
    for (const service of hearersOf(entry))
      expect(refusals(service, { id: envelope.id })[0]?.pairs).toMatchObject({
        code,
        subject,
        claimed: { source: envelope.source, type: entry.event.type, subject: envelope.subject },
      });
  expect(siege.handled).toEqual([]);
  expect(siege.recorded).toEqual([]);
}

describe('with a service’s own user, an event', () => {
  const attacks: readonly [string, string, (entry: CatalogEntry) => Envelope, ((entry: CatalogEntry) => boolean)?][] = [
    ['without a signature', 'KeyUnknown', (entry) => unsigned(entry, entry.from[0] ?? 'gate')],
    [
      'with a signature of nobody',
      'SignatureInvalid',
      (entry) => forged(siege.nats, unsigned(entry, entry.from[0] ?? 'gate')),
    ],
    [
      'with the signature of another event',
      'SignatureInvalid',
      (entry) => ({ ...genuine(siege.nats, entry), id: newId() }),
    ],
    [
      'with another service’s key',
      'KeyUnknown',
      (entry) => borrowed(siege.nats, unsigned(entry, entry.from[0] ?? 'gate')),
    ],
    [
      'said by a service that may not say it',
      'EmitterNotAllowed',
      (entry) => {
        const other = otherThan(entry.from);
        return signAs(siege.nats, other, unsigned(entry, other));
      },
      // What everybody may say is not said wrongly by anyone.
      ({ from }) => from.length < services.length,
    ],
  ];
  const cases = services.flatMap((user) =>
    attacks.map(([what, code, make, applies = () => true]) => ({ user, what, code, make, applies })),
  );

  it.each(cases)(
    '$what is refused by everybody: $user',
    async ({ user, code, make, applies }) => {
      const tries = signed.filter(applies).map((entry) => {
        const envelope = make(entry);
        return { entry, envelope, subject: envelope.subject, code };
      });
      await refusedByAll(user, tries);
    },
    60_000,
  );

  it.each(services)(
    'under the subject of another run is refused by everybody: %s',
    (user) =>
      refusedByAll(
        user,
        signed
          .filter(({ stream }) => stream === 'RUNS')
          .map((entry) => {
            const subject = subjectOf(entry, { conversationId: newId(), runId: newId() });
            return { entry, subject, envelope: genuine(siege.nats, entry), code: 'SubjectMismatch' };
          }),
      ),
    60_000,
  );

  it.each(services)(
    'that the server’s own answer would become, by a reply subject, is refused: %s',
    async (user) => {
      const { intruders, refusals, stored } = siege;
      const durable = topology().consumers.find(({ service }) => service === user);
      const about = { conversationId: newId(), runId: newId() };
      const targets = signed.filter(({ event }) => event.type !== 'conversation.created.v1');
      const before = await stored();
      for (const entry of targets)
        // The server answers wherever the request says, with rights of its own.
        intruders[user].send(`$JS.API.CONSUMER.INFO.${durable?.stream}.${durable?.durable}`, '', {
          reply: subjectOf(entry, about),
        });
      await intruders[user].settled();
      const refused = (service: ServiceName, entry: CatalogEntry) =>
        refusals(service, { subject: subjectOf(entry, about) }).some(
          ({ pairs }) => pairs['code'] === 'EnvelopeMalformed',
        );
      await until(
        () => targets.every((entry) => hearersOf(entry).every((service) => refused(service, entry))),
        patience,
      );
      // They are stored, which nothing at the server can keep from happening; that is why nobody believes a subject.
      expect(await stored()).not.toBe(before);
      expect([siege.handled, siege.recorded]).toEqual([[], []]);
    },
    60_000,
  );

  it('of the past that the gateway has the server store under another run’s subject is refused', async () => {
    const entry = signed.find(({ event }) => event.type === 'run.requested.v1');
    if (!entry) throw new Error('run.requested is in the catalog');
    const { intruders, nats, refusals } = siege;
    const past = { ...genuine(nats, entry), sig: 'never valid, so that nobody acts on it' };
    intruders.gateway.send(past.subject, past);
    const subject = subjectOf(entry, { conversationId: newId(), runId: newId() });
    await intruders.gateway.settled();
    intruders.gateway.send('$JS.API.DIRECT.GET.RUNS', { last_by_subj: past.subject }, { reply: subject });
    await until(() => refusals('planner', { subject }).length > 0, patience);
    expect(refusals('planner', { subject })[0]?.pairs).toMatchObject({
      code: 'SubjectMismatch',
      claimed: { id: past.id, subject: past.subject },
    });
  });
});

describe('with a service’s own user, a question', () => {
  const ask = (entry: QuestionEntry, source: ServiceName, over: Partial<Envelope> = {}): Envelope => ({
    specversion: '1.0',
    id: newId(),
    source,
    type: entry.question.name,
    subject: questionSubject(entry),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {},
    ...over,
  });
  const asker = ({ askedBy }: QuestionEntry): ServiceName => askedBy[0] ?? 'gateway';
  const sign = (entry: QuestionEntry, over: Partial<Envelope> = {}) =>
    signAs(siege.nats, asker(entry), ask(entry, asker(entry), over));
  const long = () => new Date(Date.now() - 120_000).toISOString();
  const anInbox = (entry: QuestionEntry) => `_INBOX_${asker(entry)}.a.1`;
  const attacks: readonly [
    string,
    string,
    (entry: QuestionEntry) => Envelope,
    ((entry: QuestionEntry) => string | undefined)?,
  ][] = [
    ['without a signature', 'KeyUnknown', (entry) => ask(entry, asker(entry))],
    ['with a signature of nobody', 'SignatureInvalid', (entry) => forged(siege.nats, ask(entry, asker(entry)))],
    ['with another service’s key', 'KeyUnknown', (entry) => borrowed(siege.nats, ask(entry, asker(entry)))],
    ['with the signature of another one', 'SignatureInvalid', (entry) => ({ ...sign(entry), id: newId() })],
    [
      'of a service that may not ask it',
      'EmitterNotAllowed',
      (entry) => {
        const other = otherThan(entry.askedBy);
        return signAs(siege.nats, other, ask(entry, other));
      },
    ],
    ['signed for another place', 'SubjectMismatch', (entry) => sign(entry, { subject: 'ask.nobody.nothing.v1' })],
    ['of long ago', 'QuestionTooOld', (entry) => sign(entry, { time: long() })],
    [
      'that has its answer stored in a stream',
      'SubjectMismatch',
      sign,
      () => `run.${newId()}.${newId()}.gate.passed.v1`,
    ],
    [
      'that has its answer sent to another',
      'SubjectMismatch',
      sign,
      (entry) => `_INBOX_${otherThan([asker(entry)])}.a.1`,
    ],
    [
      'that has its answer sent to a name that begins like its own',
      'SubjectMismatch',
      sign,
      (entry) => `_INBOX_${asker(entry)}x.a`,
    ],
    ['that has its answer sent to another question', 'SubjectMismatch', sign, () => 'ask.gate.decide-approval.v1'],
    ['that wants no answer', 'SubjectMismatch', sign, () => undefined],
  ];

  it.each(attacks)(
    '%s is answered by nobody',
    async (_what, code, make, replyOf = anInbox) => {
      const { intruders, refusals, stored, handled } = siege;
      const before = await stored();
      for (const user of services) {
        const tries = everyQuestion.map((entry) => ({ entry, envelope: make(entry), reply: replyOf(entry) }));
        for (const { entry, envelope, reply } of tries)
          intruders[user].send(questionSubject(entry), envelope, reply === undefined ? {} : { reply });
        await intruders[user].settled();
        const [mine, others] = [
          tries.filter(({ entry }) => entry.askedBy.includes(user)),
          tries.filter(({ entry }) => !entry.askedBy.includes(user)),
        ];
        for (const { entry } of others)
          expect(intruders[user].refused.join('\n')).toContain(violation(questionSubject(entry)));
        await until(
          () => mine.every(({ entry, envelope }) => refusals(entry.answeredBy, { id: envelope.id }).length > 0),
          patience,
        );
        for (const { entry, envelope, reply } of mine)
          expect(refusals(entry.answeredBy, { id: envelope.id })[0]?.pairs).toMatchObject({
            code,
            question: entry.question.name,
            subject: questionSubject(entry),
            ...(reply === undefined ? {} : { replyTo: reply }),
            claimed: { source: envelope.source },
          });
      }
      expect(handled).toEqual([]);
      expect(await stored()).toBe(before);
    },
    60_000,
  );

  it.each(services)('that the server’s own answer would become is answered by nobody: %s', async (user) => {
    const { intruders, refusals, handled } = siege;
    const durable = topology().consumers.find(({ service }) => service === user);
    const known = everyQuestion.map((entry) => refusals(entry.answeredBy, { subject: questionSubject(entry) }).length);
    for (const entry of everyQuestion)
      intruders[user].send(`$JS.API.CONSUMER.INFO.${durable?.stream}.${durable?.durable}`, '', {
        reply: questionSubject(entry),
      });
    await until(
      () =>
        everyQuestion.every(
          (entry, at) => refusals(entry.answeredBy, { subject: questionSubject(entry) }).length > (known[at] ?? 0),
        ),
      patience,
    );
    expect(handled).toEqual([]);
  });
});

describe('with a service’s own user, the server', () => {
  const api = [
    ...[
      'INFO',
      'ACCOUNT.PURGE.$G',
      'STREAM.NAMES',
      'STREAM.LIST',
      'STREAM.CREATE.X',
      'SERVER.REMOVE',
      'META.LEADER.STEPDOWN',
    ],
    ...streams.flatMap((stream) => [
      ...[
        'UPDATE',
        'DELETE',
        'PURGE',
        'MSG.DELETE',
        'MSG.GET',
        'SNAPSHOT',
        'RESTORE',
        'LEADER.STEPDOWN',
        'PEER.REMOVE',
      ].map((verb) => `STREAM.${verb}.${stream}`),
      ...['CREATE', 'NAMES', 'LIST'].map((verb) => `CONSUMER.${verb}.${stream}`),
      `CONSUMER.CREATE.${stream}.mine`,
      `CONSUMER.CREATE.${stream}.mine.run.>`,
      `CONSUMER.DURABLE.CREATE.${stream}.mine`,
    ]),
  ].map((verb) => `$JS.API.${verb}`);
  const foreign = (user: ServiceName) =>
    topology()
      .consumers.filter(({ service }) => service !== user)
      .flatMap(({ stream, durable }) =>
        ['INFO', 'MSG.NEXT', 'DELETE', 'PAUSE', 'UNPIN', 'LEADER.STEPDOWN', 'RESET'].map(
          (verb) => `$JS.API.CONSUMER.${verb}.${stream}.${durable}`,
        ),
      );
  const system = [
    '$SYS.REQ.SERVER.PING',
    '$SYS.REQ.USER.INFO',
    '$SYS.ACCOUNT.$G.CONNECT',
    '$KV.x.y',
    '$O.x.C.y',
    '$JS.EVENT.ADVISORY.x',
  ];

  it.each(services)(
    'changes nothing and tells nothing of others: %s',
    async (user) => {
      const { intruders, nats, stored } = siege;
      const before = await stored();
      const [intruder, forbidden] = [intruders[user], [...api, ...foreign(user), ...system]];
      for (const subject of forbidden) intruder.send(subject, '{}', { reply: `_INBOX_${user}.spy` });
      const places = [
        '>',
        'run.>',
        'org.>',
        '$JS.>',
        '$SYS.>',
        '_INBOX.>',
        ...(user === 'gateway' ? [] : ['live.run.>']),
      ];
      const inboxes = services.filter((service) => service !== user).map((service) => `_INBOX_${service}.>`);
      const asked = everyQuestion.map(questionSubject);
      for (const place of [...places, ...inboxes, ...asked]) intruder.listen(place);
      await intruder.settled();
      const said = intruder.refused.join('\n');
      for (const subject of forbidden) expect(said).toContain(violation(subject));
      for (const place of [...places, ...inboxes, ...asked])
        expect(said).toContain(`Permissions Violation for Subscription to "${place}"`);
      expect(intruder.heard).toEqual([]);
      expect(await stored()).toBe(before);
      // Only the server knows whose connection it was, and says so.
      await until(async () => {
        const log = await nats.log();
        return log.split('\n').some((line) => line.includes('Violation') && line.includes(nats.users[user]));
      }, patience);
    },
    60_000,
  );
});

describe('without credentials', () => {
  it('nobody gets in, with no seed or one the server does not know, and the server’s log says so', async () => {
    const { nats } = siege;
    await expect(intrude({ url: nats.url })).rejects.toThrow(/Authorization Violation/i);
    const { seed } = generateNatsUser();
    await expect(intrude({ url: nats.url, seed })).rejects.toThrow(/Authorization Violation/i);
    await until(async () => /authentication error/i.test(await nats.log()), patience);
  });
});

describe('what is genuine', () => {
  it('reaches everybody, so that the silence above means something, and twice only where it is stored twice', async () => {
    const { nats, intruders, handled, recorded } = siege;
    const events = signed.map((entry) => ({ entry, envelope: genuine(nats, entry) }));
    for (const { entry, envelope } of events)
      intruders[entry.from[0] ?? 'gate'].send(envelope.subject, envelope, { msgId: envelope.id });
    const times = (list: readonly string[], what: string) => list.filter((one) => one === what).length;
    const heard = (count: number) =>
      events.every(
        ({ entry, envelope: { id } }) =>
          times(recorded, id) === count && entry.to.every((service) => times(handled, `${service} ${id}`) === count),
      );
    await until(() => heard(1), patience);
    for (const { entry, envelope } of events) {
      const emitter = intruders[entry.from[0] ?? 'gate'];
      emitter.send(envelope.subject, envelope, { msgId: envelope.id });
      // Under another message id it is stored again: whoever hears it knows it by its event id.
      emitter.send(envelope.subject, envelope, { msgId: newId() });
    }
    await until(() => heard(2), patience);
  }, 60_000);
});
