/** Somebody has a service's NATS user, or all of them, and the running stack before them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ApprovalRequest,
  catalog,
  type Envelope,
  newId,
  questions,
  questionSubject,
  services,
} from '@skyflo/contracts';
import { intrude, type Intruder, type SkyfloClient } from '@skyflo/testkit';
import { waitFor } from '../local/servers/index.ts';
import { anAdmin, logOf, natsUrl, pidOf, ready, secrets, writesOf } from './running.ts';

let admin: SkyfloClient;
let intruders: Record<string, Intruder>;
let server: Intruder;
let pids: number[];

beforeAll(async () => {
  await ready();
  admin = await anAdmin();
  const url = natsUrl();
  const keys = secrets();
  server = await intrude({ url, seed: keys.natsAdmin.seed });
  const opened = services.map(async (service) => {
    const { seed } = keys.services[service].nats;
    return [service, await intrude({ url, seed, inboxPrefix: `_INBOX_${service}` })] as const;
  });
  intruders = Object.fromEntries(await Promise.all(opened));
  pids = await Promise.all(services.map((service) => pidOf(service)));
});
afterAll(() => Promise.all([...Object.values(intruders), server].map((intruder) => intruder.close())));

/** An approved write, all the way. */
async function anApprovedWrite() {
  const conversationId = await admin.converse();
  const runId = await admin.say(conversationId, 'restart web');
  const { event } = await admin.until(conversationId, 'approval.requested', { runId });
  const asked = event.data as unknown as ApprovalRequest;
  await admin.decide(asked.callId, 'approve', asked.digest);
  await admin.until(conversationId, 'run.completed', { runId });
  return { conversationId, runId, grantId: asked.plan.grantId };
}

/** Everything the stream holds of a conversation, as it was signed. */
async function stored(conversationId: string): Promise<Envelope[]> {
  const events: Envelope[] = [];
  for (let seq = 1; ;) {
    const wanted = { seq, next_by_subj: `run.${conversationId}.>` };
    const answer = await server.ask('$JS.API.STREAM.MSG.GET.RUNS', wanted);
    const { message } = JSON.parse(answer ?? '{}') as { message?: { seq: number; data?: string } };
    if (!message) return events;
    events.push(JSON.parse(Buffer.from(message.data ?? '', 'base64').toString()) as Envelope);
    seq = message.seq + 1;
  }
}
const signed = (events: readonly Envelope[]) => events.filter(({ sig }) => sig !== undefined);

/** Until nothing of RUNS waits for anybody. */
async function allRead(): Promise<void> {
  type Info = { consumers?: { num_pending: number; num_ack_pending: number }[] };
  const idle = async () => {
    const { consumers } = JSON.parse((await server.ask('$JS.API.CONSUMER.LIST.RUNS', '{}')) ?? '{}') as Info;
    return consumers !== undefined && consumers.every((one) => one.num_pending + one.num_ack_pending === 0);
  };
  await waitFor(idle, { timeoutMs: 60_000, everyMs: 100, what: 'everybody to have read everything' });
}

async function stillThere(): Promise<void> {
  expect(await Promise.all(services.map((service) => pidOf(service)))).toEqual(pids);
  await ready();
}

describe('against the running stack', () => {
  it('genuine events stored again, each by its emitter’s own user, do nothing twice', async () => {
    const { conversationId, grantId } = await anApprovedWrite();
    await allRead();
    const before = await stored(conversationId);
    const view = await admin.conversation(conversationId);
    const genuine = signed(before);
    for (const event of genuine) {
      intruders[event.source]?.send(event.subject, event, { msgId: newId() });
      intruders[event.source]?.send(event.subject, event, { msgId: event.id });
    }
    await Promise.all(Object.values(intruders).map((intruder) => intruder.settled()));
    await allRead();
    // Stored a second time under other message ids, and not one new event followed.
    const after = await stored(conversationId);
    expect(after).toHaveLength(before.length + genuine.length);
    expect(new Set(after.map(({ id }) => id))).toEqual(new Set(before.map(({ id }) => id)));
    const { cursor: _before, ...shown } = view;
    const { cursor: _after, ...shownNow } = await admin.conversation(conversationId);
    expect(shownNow).toEqual(shown);
    expect(writesOf(grantId)).toHaveLength(1);
    await stillThere();
  });

  it('forged events are refused, and the log of everybody who hears them says what and who', async () => {
    const { conversationId, runId, grantId } = await anApprovedWrite();
    await allRead();
    const [sample] = signed(await stored(conversationId));
    const view = await admin.conversation(conversationId);
    const tries = catalog
      .filter(({ event, stream }) => event.kind === 'event' && stream === 'RUNS')
      .map(({ event, from, to }) => {
        const subject = `run.${conversationId}.${runId}.${event.type}`;
        const about = { conversationid: conversationId, runid: runId, source: from[0], type: event.type, subject };
        return { to, envelope: { ...sample, ...about, id: newId(), time: new Date().toISOString() } };
      });
    for (const { envelope } of tries)
      for (const intruder of Object.values(intruders))
        intruder.send(envelope.subject, envelope, { msgId: envelope.id });
    await Promise.all(Object.values(intruders).map((intruder) => intruder.settled()));
    await allRead();
    for (const { to, envelope } of tries)
      for (const service of [...to, 'persistence'] as const)
        await waitFor(
          async () => {
            const line = logOf(service)
              .split('\n')
              .find((one) => one.includes(envelope.id));
            return line !== undefined && line.includes('event refused') && line.includes(envelope.subject);
          },
          { timeoutMs: 30_000, everyMs: 100, what: `${service} to have logged ${envelope.type}` },
        );
    const { cursor: _before, ...shown } = view;
    const { cursor: _after, ...shownNow } = await admin.conversation(conversationId);
    expect(shownNow).toEqual(shown);
    expect(writesOf(grantId)).toHaveLength(1);
    await stillThere();
  });

  it('questions that nobody signed get no answer, from nobody', async () => {
    for (const entry of questions)
      for (const [service, intruder] of Object.entries(intruders)) {
        const type = entry.question.name;
        const subject = questionSubject(entry);
        const envelope = {
          specversion: '1.0',
          id: newId(),
          source: service,
          type,
          subject,
          time: new Date().toISOString(),
          data: {},
        };
        expect(await intruder.ask(subject, envelope, 300)).toBeUndefined();
      }
    await stillThere();
  });

  it('nobody gets in without credentials', async () => {
    await expect(intrude({ url: natsUrl() })).rejects.toThrow(/Authorization Violation/i);
    await waitFor(async () => /authentication error/i.test(logOf('nats-server')), {
      timeoutMs: 10_000,
      everyMs: 50,
      what: 'the server to say so',
    });
    await stillThere();
  });
});
