import { readFileSync } from 'node:fs';
import { generateServiceKey, loadIdentity, type Bus } from '@skyflo/bus';
import {
  catalog,
  newId,
  type CatalogEntry,
  type Envelope,
  type EventDefinition,
  Failure,
  type QuestionDefinition,
  type ServiceName,
  services,
  subjectOf,
} from '@skyflo/contracts';
import { intrude, startTestNats, type Intruder, type TestNats } from '@skyflo/testkit';
import { signEnvelope } from '../src/keys/signature.ts';
import { dutiesOf } from '../src/topology/topology.ts';
import { aLogger, type Said } from './samples.ts';

/** Every event of the catalog that is signed. */
export const signed: readonly CatalogEntry[] = catalog.filter(({ event }) => event.kind === 'event');

/** All services at their places, doing what the catalog has them do and remembering it; and an intruder per user. */
export type Besieged = {
  readonly nats: TestNats;
  readonly intruders: Readonly<Record<ServiceName, Intruder>>;
  /** `<service> <event id>` of everything a handler was given, `<service> <question name>` of everything it was asked. */
  readonly handled: readonly string[];
  readonly recorded: readonly string[];
  /** What the service's log says of refusals: of one message by the id that it claims, or by its subject. */
  readonly refusals: (service: ServiceName, of: { id?: string; subject?: string }) => readonly Said[];
  /** Last sequences of the streams. */
  readonly stored: () => Promise<string>;
  close(): Promise<void>;
};

export async function besieged(): Promise<Besieged> {
  const nats = await startTestNats();
  const handled: string[] = [];
  const recorded: string[] = [];
  const loggers = perService(() => aLogger());
  const buses: Bus[] = [];
  for (const service of services) {
    const bus = await nats.connect(service, { logger: loggers[service] });
    buses.push(bus);
    const { events, questions, streams } = dutiesOf(service);
    for (const { event } of events)
      bus.consume<EventDefinition>(event, async (_, { envelope }) => void handled.push(`${service} ${envelope.id}`));
    for (const { question } of questions)
      bus.answer<QuestionDefinition>(question, async () => {
        handled.push(`${service} ${question.name}`);
        throw Failure.terminal('Asked', 'somebody got through');
      });
    for (const stream of streams)
      bus.consumeStream(stream, async (batch) => void recorded.push(...batch.map(({ event }) => event.id)));
  }
  const opened = services.map(async (service): Promise<[ServiceName, Intruder]> => [
    service,
    await intrude({ url: nats.url, seed: nats.seeds[service], inboxPrefix: `_INBOX_${service}` }),
  ]);
  const intruders = Object.fromEntries(await Promise.all(opened)) as Record<ServiceName, Intruder>;
  const admin = await intrude({ url: nats.url, seed: nats.adminSeed });
  return {
    nats,
    intruders,
    handled,
    recorded,
    refusals: (service, { id, subject }) =>
      loggers[service].said.filter(({ message, pairs }) => {
        const { claimed } = pairs as { claimed?: { id?: string } };
        const meant = id === undefined ? pairs['subject'] === subject : claimed?.id === id;
        return /refused$/.test(message) && meant;
      }),
    stored: async () => {
      const infos = await Promise.all(['RUNS', 'ORG'].map((stream) => admin.ask(`$JS.API.STREAM.INFO.${stream}`, '')));
      return infos.map((info) => JSON.parse(info ?? '{}').state?.last_seq).join(' ');
    },
    async close() {
      await Promise.all([...Object.values(intruders), admin].map((intruder) => intruder.close()));
      await Promise.all(buses.map((bus) => bus.close({ graceMs: 0 })));
      await nats.stop();
    },
  };
}

/** An envelope as its emitter would sign it, with the data of the golden fixture. */
export function genuine(nats: TestNats, entry: CatalogEntry, over: Partial<Envelope> = {}): Envelope {
  const [source] = entry.from;
  if (source === undefined) throw new Error(`nobody says ${entry.event.type}`);
  return signAs(nats, source, { ...unsigned(entry, source), ...over });
}

export function unsigned(entry: CatalogEntry, source: ServiceName): Envelope {
  const file = new URL(`../../contracts/fixtures/${entry.event.type}.json`, import.meta.url);
  const { data, runid } = JSON.parse(readFileSync(file, 'utf8')) as Envelope;
  const conversationId = newId();
  const about: { conversationId?: string; runId?: string } =
    entry.stream === 'ORG' ? {} : { conversationId, ...(runid === undefined ? {} : { runId: newId() }) };
  return {
    specversion: '1.0',
    id: newId(),
    source,
    type: entry.event.type,
    subject: subjectOf(entry, about),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    sequence: '0000000001',
    ...(about.conversationId === undefined ? {} : { conversationid: about.conversationId }),
    ...(about.runId === undefined ? {} : { runid: about.runId }),
    data,
  };
}

export function signAs(nats: TestNats, service: ServiceName, envelope: Envelope): Envelope {
  return signEnvelope(loadIdentity({ service, signingKey: nats.signingKeys[service] }), envelope);
}

/** Signed with a key that nobody knows, under the name of the service's own key. */
export function forged(nats: TestNats, envelope: Envelope): Envelope {
  const { service, kid } = ownKey(nats, envelope.source);
  const signedByStranger = signEnvelope(
    loadIdentity({ service, signingKey: generateServiceKey(service).signingKey }),
    envelope,
  );
  return { ...signedByStranger, kid };
}

/** Signed with another service's true key, under the emitter's name. */
export function borrowed(nats: TestNats, envelope: Envelope): Envelope {
  const other = otherThan([envelope.source]);
  const { kid, sig } = signAs(nats, other, envelope);
  return { ...envelope, ...(kid === undefined ? {} : { kid }), ...(sig === undefined ? {} : { sig }) };
}

export function otherThan(those: readonly ServiceName[]): ServiceName {
  const other = services.find((service) => !those.includes(service));
  if (other === undefined) throw new Error('everybody may');
  return other;
}

function ownKey(nats: TestNats, service: ServiceName) {
  return loadIdentity({ service, signingKey: nats.signingKeys[service] });
}

function perService<T>(make: (service: ServiceName) => T): Record<ServiceName, T> {
  return Object.fromEntries(services.map((service) => [service, make(service)])) as Record<ServiceName, T>;
}
