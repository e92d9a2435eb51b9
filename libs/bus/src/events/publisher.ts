import {
  entryOf,
  Failure,
  newId,
  subjectOf,
  type DataOf,
  type Envelope,
  type EventDefinition,
} from '@skyflo/contracts';
import { PubHeaders } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import type { Connection } from '../connection/connection.ts';
import { publishFailure } from '../connection/failures.ts';
import type { Identity } from '../keys/identity.ts';
import type { BusLogger } from '../logger.ts';
import { deltaTtlMs } from '../topology/limits.ts';
import { entryFrom } from './seal.ts';

export type Delta<D extends EventDefinition> = {
  readonly conversationId: string;
  readonly runId: string;
  readonly data: DataOf<D>;
  /** Default: a fresh one. */
  readonly id?: string;
};

export type Publishing = {
  readonly identity: Identity;
  readonly connection: Connection;
  readonly logger: BusLogger;
  readonly now: () => Date;
  /** How long a publish waits for a connection. */
  readonly waitMs: number;
};

const inFlight = 256;
const ackTimeoutMs = 5_000;

/**
 * Resolves when the stream has stored every one of them; each at most once within the duplicate window, whoever publishes it
 * how often. They are on their way together, so their order in the stream is not theirs here. Throws a Failure when one was
 * not stored: all may then be published again.
 */
export async function publishEnvelopes(publishing: Publishing, envelopes: readonly Envelope[]): Promise<void> {
  const failures: Failure[] = [];
  let next = 0;
  const worker = async () => {
    for (let envelope = envelopes[next++]; envelope !== undefined; envelope = envelopes[next++])
      await publishOne(publishing, envelope).catch((failure: Failure) => failures.push(failure));
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, envelopes.length) }, worker));
  const failure = failures.find(({ retryable }) => !retryable) ?? failures[0];
  if (failure) throw failure;
}

async function publishOne({ connection, waitMs }: Publishing, envelope: Envelope): Promise<void> {
  const entry = entryOf(envelope.type);
  if (!entry) throw Failure.terminal('EventUnknown', `${envelope.type} is no type in the catalog`);
  const payload = JSON.stringify(envelope);
  const deadline = Date.now() + waitMs;
  for (;;) {
    await connection.whenConnected(Math.max(0, deadline - Date.now()));
    try {
      const options = { msgID: envelope.id, timeout: ackTimeoutMs, expect: { streamName: entry.stream } };
      await connection.whileConnected(connection.js.publish(envelope.subject, payload, options));
      return;
    } catch (error) {
      const failure = publishFailure(error, envelope);
      // Nobody knows whether it was stored before the connection broke; storing it twice is not possible.
      if (failure.code !== 'BusDisconnected' || Date.now() >= deadline) throw failure;
    }
  }
}

/**
 * Streamed text: nobody repeats it, because an event that follows holds it whole. Nor is the stream asked whether it stored
 * it, which would double the messages; who reads sees by the offsets what is missing.
 */
export function publishDelta<D extends EventDefinition>(
  { identity, connection, logger, now }: Publishing,
  definition: D,
  delta: Delta<D>,
): void {
  const entry = entryFrom(identity, definition);
  if (definition.kind !== 'delta') throw Failure.terminal('NotADelta', `${definition.type} is an event; emit it`);
  const { conversationId, runId } = delta;
  const envelope: Envelope = {
    specversion: '1.0',
    id: delta.id ?? newId(),
    source: identity.service,
    type: definition.type,
    subject: subjectOf(entry, { conversationId, runId }),
    time: now().toISOString(),
    datacontenttype: 'application/json',
    conversationid: conversationId,
    runid: runId,
    data: delta.data,
  };
  const failed = (reason: string) => logger.warn('delta lost', { eventId: envelope.id, error: reason });
  if (!connection.connected) return failed('there is no connection');
  try {
    connection.nc.publish(envelope.subject, JSON.stringify(envelope), { headers: deltaHeaders });
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
  }
}

/** No id to drop repeats by: a delta is published once. */
const deltaHeaders = headers();
deltaHeaders.set(PubHeaders.MessageTTL, `${deltaTtlMs / 1000}s`);
