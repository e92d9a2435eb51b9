import {
  ConversationId,
  ModelDelta,
  newId,
  PersonId,
  RunId,
  RunStopRequested,
  type DataOf,
  type Emission,
  type Envelope,
  type EventDefinition,
  type ServiceName,
} from '@skyflo/contracts';
import {
  applyTopology,
  authenticateAs,
  createSeal,
  loadIdentity,
  type Bus,
  type BusLogger,
  type EventHandler,
} from '@skyflo/bus';
import type { TestNats } from '@skyflo/testkit';
import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';

export type Said = { readonly message: string; readonly pairs: Readonly<Record<string, unknown>> };

/** A logger that remembers, because what was refused is only said there. */
export function aLogger(): BusLogger & { readonly said: Said[] } {
  const said: Said[] = [];
  const remember = (message: string, pairs: Readonly<Record<string, unknown>> = {}) =>
    void said.push({ message, pairs });
  return { said, debug: remember, info: remember, warn: remember, error: remember };
}

export function aPerson() {
  return { id: PersonId.parse(newId()), email: 'ada@example.com' };
}

export function aConversation() {
  return { conversationId: ConversationId.parse(newId()), runId: RunId.parse(newId()) };
}

/** The data of `run.stop-requested`: the gateway says it; planner, gate and tool-runner listen. */
export function aStop(): DataOf<typeof RunStopRequested> {
  return { by: aPerson() };
}

export function aDelta(offset: number): DataOf<typeof ModelDelta> {
  return { step: 0, attempt: 1, offset, kind: 'text', text: 'x' };
}

/** Signed as `service` would sign it. */
export function sealed<D extends EventDefinition>(
  nats: TestNats,
  service: ServiceName,
  { event, ...emission }: Emission<D> & { readonly event: D; readonly at?: Date },
): Envelope {
  const identity = loadIdentity({ service, signingKey: nats.signingKeys[service] });
  return createSeal(identity, () => emission.at ?? new Date())(event, emission, 1);
}

/** A stop request of a fresh run, signed by the gateway. */
export function aSealedStop(nats: TestNats, emission: Partial<Emission> & { readonly at?: Date } = {}): Envelope {
  return sealed(nats, 'gateway', { event: RunStopRequested, ...aConversation(), ...emission, data: aStop() });
}

/** A bare client with a service's user, for what the bus would never do. */
export function rawClient(nats: TestNats, service: ServiceName | 'admin'): Promise<NatsConnection> {
  return connect({
    servers: nats.url,
    authenticator: authenticateAs(service === 'admin' ? nats.adminSeed : nats.seeds[service]),
    ...(service === 'admin' ? {} : { inboxPrefix: `_INBOX_${service}` }),
  });
}

/** Consumes into a list. */
export function collecting<D extends EventDefinition>(
  bus: Bus,
  definition: D,
  react: EventHandler<D> = () => Promise.resolve(),
) {
  const got: { readonly id: string; readonly deliveryCount: number }[] = [];
  const consumption = bus.consume(definition, async (event, context) => {
    got.push({ id: context.envelope.id, deliveryCount: context.deliveryCount });
    await react(event, context);
  });
  return { got, stop: () => consumption.stop({ graceMs: 0 }) };
}

/** Waits for `condition`, looking often; fails after five seconds. */
export async function until(condition: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** How many messages a durable has neither delivered nor had acknowledged. */
export async function openAt(nats: TestNats, stream: string, durable: string): Promise<number> {
  const client = await rawClient(nats, 'admin');
  try {
    const reply = await client.request(`$JS.API.CONSUMER.INFO.${stream}.${durable}`);
    const { num_pending, num_ack_pending } = reply.json<{ num_pending: number; num_ack_pending: number }>();
    return num_pending + num_ack_pending;
  } finally {
    await client.close();
  }
}

/** What an operator does to a stream that is broken beyond repair: everything in it is gone, its sequences begin again. */
export async function makeAnew(nats: TestNats, stream: 'RUNS'): Promise<void> {
  const admin = await rawClient(nats, 'admin');
  await admin.request(`$JS.API.STREAM.DELETE.${stream}`);
  await applyTopology(nats.url, nats.adminSeed);
  await admin.close();
}
