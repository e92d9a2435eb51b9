import { JetStreamStatusError, type StoredMsg } from '@nats-io/jetstream/internal';
import { conversationSubject, Failure } from '@skyflo/contracts';
import type { Connection } from '../connection/connection.ts';

const batchSize = 256;
const silenceMs = 5_000;

/** What the stream holds of a conversation from `from` on, oldest first, `batchSize` at a time; reading needs no consumer. */
export async function* replay(
  connection: Connection,
  conversationId: string,
  from: number,
): AsyncGenerator<readonly StoredMsg[]> {
  for (let next = from; ;) {
    const batch = await readBatch(connection, conversationId, next);
    const last = batch.at(-1);
    if (last) yield batch;
    if (!last || batch.length < batchSize) return;
    next = last.seq + 1;
  }
}

/** Read whole before it is handed on: a batch that a lost connection cut short would otherwise just never end. */
async function readBatch(connection: Connection, conversationId: string, seq: number): Promise<readonly StoredMsg[]> {
  const options = { seq, batch: batchSize, next_by_subj: conversationSubject(conversationId) };
  const messages = await connection.jsm.direct.getBatch('RUNS', options);
  const fail = (reason: string) => messages.stop(Failure.retryable('ReplayBroken', reason));
  const unwatch = connection.onChange(() => fail('the connection was lost during a replay'));
  let timer = setTimeout(fail, silenceMs, 'NATS fell silent during a replay');
  const batch: StoredMsg[] = [];
  try {
    for await (const message of messages) {
      batch.push(message);
      clearTimeout(timer);
      timer = setTimeout(fail, silenceMs, 'NATS fell silent during a replay');
    }
    return batch;
  } catch (error) {
    if (isNothingThere(error)) return batch;
    throw error;
  } finally {
    clearTimeout(timer);
    unwatch();
  }
}

function isNothingThere(error: unknown): boolean {
  return error instanceof JetStreamStatusError && error.code === 404;
}
