import { Failure } from '@skyflo/contracts';
import type { Envelope } from '@skyflo/contracts';
import type { QueryRunner } from 'typeorm';
import { rowsOf } from './rows.ts';
import type { Session } from './session.ts';

/** How many envelopes are published, and marked, at a time. */
export const batchSize = 200;
/** NATS refuses a message of 1 MiB, headers included. */
const maxBytes = 1_000_000;

export type OutboxRows = { readonly ids: readonly string[]; readonly jsons: readonly string[] };

/** Throws a terminal Failure for an envelope that the bus could never carry. */
export function toOutboxRows(envelopes: readonly Envelope[]): OutboxRows {
  return { ids: envelopes.map(({ id }) => id), jsons: envelopes.map(toJson) };
}

/** Writes envelopes in the order they were emitted. */
export async function insertEnvelopes(session: Session, { ids, jsons }: OutboxRows): Promise<void> {
  if (ids.length === 0) return;
  await session.query(
    `insert into outbox (id, envelope)
     select id, envelope from unnest($1::text[], $2::json[]) with ordinality as e (id, envelope, n) order by n`,
    [ids, jsons],
  );
}

function toJson(envelope: Envelope): string {
  const json = JSON.stringify(envelope);
  const bytes = Buffer.byteLength(json);
  if (bytes <= maxBytes) return json;
  throw Failure.terminal('EventTooLarge', `${envelope.type} has ${bytes} bytes; the bus carries ${maxBytes}.`);
}

/** Takes the oldest waiting envelopes; their rows stay locked until the transaction ends, other drains pass them by. */
export async function takeWaiting(runner: QueryRunner, olderThanMs: number): Promise<Envelope[]> {
  const rows = await rowsOf<{ envelope: Envelope }>(
    runner,
    `select envelope from outbox
     where published_at is null and refused is null and created_at <= clock_timestamp() - $1 * interval '1 millisecond'
     order by position limit $2 for update skip locked`,
    [olderThanMs, batchSize],
  );
  return rows.map(({ envelope }) => envelope);
}

export async function markPublished(runner: QueryRunner, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await rowsOf(
    runner,
    'update outbox set published_at = clock_timestamp() where id = any($1) and published_at is null',
    [ids],
  );
}

export async function markRefused(runner: QueryRunner, id: string, reason: string): Promise<void> {
  await rowsOf(runner, 'update outbox set refused = $2 where id = $1', [id, reason]);
}

/** Deletes one batch of what was published long enough ago; resolves with how many went. */
export async function deletePublished(runner: QueryRunner, keepMs: number): Promise<number> {
  const rows = await rowsOf(
    runner,
    `delete from outbox where position in (
       select position from outbox where published_at < clock_timestamp() - $1 * interval '1 millisecond'
       limit 1000 for update skip locked)
     returning position`,
    [keepMs],
  );
  return rows.length;
}
