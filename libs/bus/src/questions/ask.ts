import { setTimeout as delay } from 'node:timers/promises';
import { errors } from '@nats-io/nats-core';
import {
  ensureFailure,
  Failure,
  questionEntryOf,
  questionSubject,
  type AnswerOf,
  type AskedOf,
  type Envelope,
  type QuestionDefinition,
  type QuestionEntry,
} from '@skyflo/contracts';
import type { Connection } from '../connection/connection.ts';
import { isCausedBy } from '../connection/failures.ts';
import { unlessAborted } from '../connection/unless-aborted.ts';
import { askChannel } from '../channels.ts';
import { readEnvelope } from '../events/accept.ts';
import { claimsOf } from '../events/claims.ts';
import type { Identity } from '../keys/identity.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { verifyEnvelope } from '../keys/signature.ts';
import type { BusLogger } from '../logger.ts';
import { answerTypeOf, fromAnswerFailure, readAnswerBody, sealQuestion, type AnswerBody } from './envelopes.ts';

export type AskOptions = {
  /** Default 2,000. */
  readonly timeoutMs?: number;
  /** The id of the envelope that made us ask. */
  readonly causationId?: string;
  readonly signal?: AbortSignal;
};

export type AskingBus = {
  readonly identity: Identity;
  readonly keyRing: KeyRing;
  readonly connection: Connection;
  readonly logger: BusLogger;
  readonly now: () => Date;
  readonly traceparent?: (() => string | undefined) | undefined;
};

const defaultTimeoutMs = 2_000;
const betweenTriesMs = 100;

/**
 * Asks a question of the catalog and resolves with its verified answer. Throws `QuestionUnanswered` (retryable) when nobody
 * answers in time, what the answering handler threw where it threw a Failure, and `AnswerRefused` (terminal) when what came
 * back is not that service's answer to this question.
 */
export function askQuestion<Q extends QuestionDefinition>(
  bus: AskingBus,
  question: Q,
  options: AskOptions & { readonly asked: AskedOf<Q> },
): Promise<AnswerOf<Q>> {
  const { service } = bus.identity;
  return askChannel.tracePromise(() => ask(bus, question, options), { service, type: question.name });
}

async function ask<Q extends QuestionDefinition>(
  bus: AskingBus,
  question: Q,
  { asked, ...options }: AskOptions & { readonly asked: AskedOf<Q> },
): Promise<AnswerOf<Q>> {
  const entry = entryFor(bus, question);
  const parsed = question.asked.safeParse(asked);
  if (!parsed.success) throw Failure.terminal('DataInvalid', `${question.name}: ${parsed.error.message}`);
  const envelope = sealQuestion(bus.identity, entry, {
    asked: parsed.data,
    now: bus.now(),
    causationId: options.causationId,
    traceparent: bus.traceparent?.(),
  });
  const payload = await firstReply(bus.connection, entry, envelope, options);
  const body = readAnswer(bus, entry, { envelope, payload });
  if ('failure' in body) throw fromAnswerFailure(body);
  const answer = question.answer.safeParse(body.answer);
  if (!answer.success) throw Failure.terminal('AnswerRefused', `${question.name}: ${answer.error.message}`);
  return answer.data as AnswerOf<Q>; // Parsed by this very question's schema.
}

function entryFor({ identity }: AskingBus, question: QuestionDefinition): QuestionEntry {
  const entry = questionEntryOf(question.name);
  if (!entry?.askedBy.includes(identity.service))
    throw Failure.terminal('AskerNotAllowed', `${identity.service} may not ask ${question.name}`);
  return entry;
}

async function firstReply(
  { nc }: Connection,
  entry: QuestionEntry,
  envelope: Envelope,
  { timeoutMs = defaultTimeoutMs, signal }: AskOptions,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const deadline = Date.now() + timeoutMs;
  const payload = JSON.stringify(envelope);
  for (;;) {
    try {
      const reply = nc.request(questionSubject(entry), payload, { timeout: Math.max(1, deadline - Date.now()) });
      return (await (signal ? unlessAborted(reply, signal) : reply)).data;
    } catch (error) {
      signal?.throwIfAborted();
      if (isCausedBy(error, errors.PermissionViolationError))
        throw Failure.terminal('AskerNotAllowed', `NATS does not let us ask ${entry.question.name}`, { cause: error });
      // Nobody listens just now, and the server says so at once: a service that is starting may be there in a moment.
      const worthTrying = isCausedBy(error, errors.NoRespondersError) && Date.now() + betweenTriesMs < deadline;
      if (!worthTrying) throw unanswered(entry, timeoutMs, error);
      await delay(betweenTriesMs, undefined, signal ? { signal } : {});
    }
  }
}

function unanswered({ answeredBy }: QuestionEntry, timeoutMs: number, cause: unknown): Failure {
  const message = `${answeredBy} did not answer within ${timeoutMs / 1000} s`;
  return Failure.retryable('QuestionUnanswered', message, { cause });
}

function readAnswer(
  { keyRing, logger }: AskingBus,
  { question, answeredBy }: QuestionEntry,
  { envelope, payload }: { readonly envelope: Envelope; readonly payload: Uint8Array },
): AnswerBody {
  try {
    const answer = readEnvelope(payload, envelope.subject);
    verifyEnvelope(keyRing, answer, { from: [answeredBy] });
    if (answer.type !== answerTypeOf(question.name) || answer.causationid !== envelope.id)
      throw Failure.terminal('SubjectMismatch', `${answer.type} ${answer.id} answers another question`);
    return readAnswerBody(answer.data);
  } catch (cause) {
    const { code, message: reason } = ensureFailure(cause);
    logger.error('answer refused', { question: question.name, claimed: claimsOf(payload), code, error: reason });
    throw Failure.terminal('AnswerRefused', `the answer to ${question.name} cannot be trusted: ${reason}`, { cause });
  }
}
