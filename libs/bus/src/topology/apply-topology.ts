import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  JetStreamApiCodes,
  jetstreamManager,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { connectAs } from '../connection/connect.ts';
import { topology, type ConsumerSpec, type StreamSpec, type Topology } from './topology.ts';

export type AppliedTopology = { readonly created: readonly string[]; readonly updated: readonly string[] };

export type ApplyOptions = {
  /** Default: what the catalog wants. */
  readonly topology?: Topology;
  /** How long to wait for the server; default 15 s. */
  readonly timeoutMs?: number;
};

/**
 * Makes the streams and durable consumers as the catalog wants them, and brings those that exist in line; nothing is
 * deleted. May be run again at any time. `adminSeed` belongs to the admin user of `natsServerConfig`; services cannot do
 * this. A new durable begins with what the stream still holds, so a listener that is added to the catalog catches up.
 */
export async function applyTopology(
  servers: string,
  adminSeed: string,
  { topology: wanted = topology(), timeoutMs = 15_000 }: ApplyOptions = {},
): Promise<AppliedTopology> {
  const nc = await connectAs({ name: 'topology', servers, seed: adminSeed, timeoutMs });
  try {
    const jsm = await jetstreamManager(nc);
    const applied = { created: [] as string[], updated: [] as string[] };
    for (const stream of wanted.streams) applied[await applyStream(jsm, stream)].push(stream.name);
    for (const consumer of wanted.consumers) applied[await applyConsumer(jsm, consumer)].push(consumer.durable);
    return applied;
  } finally {
    await nc.close();
  }
}

async function applyStream(jsm: JetStreamManager, spec: StreamSpec): Promise<'created' | 'updated'> {
  const config = toStreamConfig(spec);
  const known = await unlessMissing(jsm.streams.info(spec.name));
  if (known) await jsm.streams.update(spec.name, config);
  else await jsm.streams.add(config);
  return known ? 'updated' : 'created';
}

async function applyConsumer(jsm: JetStreamManager, spec: ConsumerSpec): Promise<'created' | 'updated'> {
  const config = toConsumerConfig(spec);
  const known = await unlessMissing(jsm.consumers.info(spec.stream, spec.durable));
  if (known) await jsm.consumers.update(spec.stream, spec.durable, config);
  else await jsm.consumers.add(spec.stream, config);
  return known ? 'updated' : 'created';
}

function toStreamConfig(spec: StreamSpec): Partial<StreamConfig> & { name: string } {
  return {
    name: spec.name,
    subjects: [...spec.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    // When the disk is full, outboxes wait; nothing is dropped unread.
    discard: DiscardPolicy.New,
    max_age: nanos(spec.maxAgeMs),
    duplicate_window: nanos(spec.duplicateWindowMs),
    allow_direct: true,
    allow_msg_ttl: true,
    ...(spec.republish ? { republish: { src: spec.republish.from, dest: spec.republish.to } } : {}),
  };
}

function toConsumerConfig(spec: ConsumerSpec): Partial<ConsumerConfig> {
  return {
    durable_name: spec.durable,
    ack_policy: spec.acknowledge === 'all' ? AckPolicy.All : AckPolicy.Explicit,
    ack_wait: nanos(spec.ackWaitMs),
    max_ack_pending: spec.maxAckPending,
    // The server would stop at a limit without a word; the limit is kept where it can be logged (settle.ts).
    max_deliver: -1,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ...(spec.filterSubjects.length === 1
      ? { filter_subject: spec.filterSubjects[0] ?? '' }
      : { filter_subjects: [...spec.filterSubjects] }),
  };
}

/** Undefined where the server says that there is no such stream or consumer. */
async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof JetStreamApiError && missing.has(error.code)) return undefined;
    throw error;
  }
}

const missing = new Set<number>([JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound]);
