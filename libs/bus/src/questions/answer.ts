import type { Msg } from '@nats-io/nats-core';
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
import { defaultGraceMs, endsWithin, type Consumption } from '../consume/consumption.ts';
import { Slots } from '../consume/slots.ts';
import { answerChannel } from '../channels.ts';
import { readEnvelope } from '../events/accept.ts';
import { claimsOf } from '../events/claims.ts';
import { verifyEnvelope } from '../keys/signature.ts';
import { questionAgeMs } from '../topology/limits.ts';
import { inboxPrefixOf } from '../topology/permissions.ts';
import type { AskingBus } from './ask.ts';
import { sealAnswer, toAnswerFailure, type AnswerBody } from './envelopes.ts';

export type QuestionContext = {
  /** The signed question as it was received: what a person decided is kept as evidence in it. */
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
};

export type QuestionHandler<Q extends QuestionDefinition> = (
  asked: AskedOf<Q>,
  context: QuestionContext,
) => Promise<AnswerOf<Q>>;

/** Beyond this many at once the asker is told to come back. */
const mostAtOnce = 256;

/** Answers a question of the catalog until it is stopped, sharing the work with the service's other replicas. */
export class Answering<Q extends QuestionDefinition> implements Consumption {
  readonly #bus: AskingBus;
  readonly #entry: QuestionEntry;
  readonly #question: Q;
  readonly #handler: QuestionHandler<Q>;
  readonly #slots = new Slots(mostAtOnce);
  readonly #giveUp = new AbortController();
  readonly #stopIntake: () => Promise<void>;

  constructor(bus: AskingBus, question: Q, handler: QuestionHandler<Q>) {
    const { service } = bus.identity;
    const entry = questionEntryOf(question.name);
    if (entry?.answeredBy !== service)
      throw Failure.terminal('AnswererNotAllowed', `the catalog does not have ${service} answer ${question.name}`);
    this.#bus = bus;
    this.#entry = entry;
    this.#question = question;
    this.#handler = handler;
    const subscription = bus.connection.nc.subscribe(questionSubject(entry), {
      queue: service,
      callback: (error, message) => {
        if (error) bus.logger.error('questions do not arrive', { question: question.name, error: error.message });
        else void this.#take(message);
      },
    });
    this.#stopIntake = () => subscription.drain();
  }

  async stop({ graceMs = defaultGraceMs } = {}): Promise<void> {
    // Without a connection there is nothing to drain, and waiting for it would take for ever.
    if (this.#bus.connection.connected) await this.#stopIntake();
    if (!(await endsWithin(this.#slots.untilIdle(), graceMs))) this.#giveUp.abort();
  }

  async #take(message: Msg): Promise<void> {
    const busy = this.#slots.free === 0;
    this.#slots.take();
    try {
      const question = this.#accept(message);
      const body = busy ? toAnswerFailure(tooMany) : await this.#answer(question);
      const replyTo = message.reply ?? '';
      const answer = sealAnswer(this.#bus.identity, question, { body, replyTo, now: this.#bus.now() });
      message.respond(JSON.stringify(answer));
    } catch (thrown) {
      const { code, message: error } = ensureFailure(thrown);
      const { subject, reply: replyTo } = message;
      const about = { question: this.#question.name, subject, replyTo, claimed: claimsOf(message.data) };
      this.#bus.logger.error('question refused', { ...about, code, error });
    } finally {
      this.#slots.give();
    }
  }

  /** Whoever cannot be believed gets no answer at all. */
  #accept(message: Msg): Envelope {
    const envelope = readEnvelope(message.data, message.subject);
    const what = `${envelope.type} ${envelope.id}, said to be from ${envelope.source},`;
    if (envelope.type !== this.#question.name || envelope.subject !== message.subject)
      throw Failure.terminal('SubjectMismatch', `${what} arrived on ${message.subject}`);
    verifyEnvelope(this.#bus.keyRing, envelope, { from: this.#entry.askedBy });
    if (Math.abs(this.#bus.now().getTime() - Date.parse(envelope.time)) > questionAgeMs)
      throw Failure.terminal('QuestionTooOld', `${what} was asked at ${envelope.time}`);
    // We publish the answer, with our own rights: only where this asker gets its answers.
    if (!message.reply?.startsWith(`${inboxPrefixOf(envelope.source)}.`))
      throw Failure.terminal('SubjectMismatch', `${what} wants its answer on ${message.reply ?? '(nowhere)'}`);
    return envelope;
  }

  async #answer(envelope: Envelope): Promise<AnswerBody> {
    try {
      const asked = this.#question.asked.safeParse(envelope.data);
      if (!asked.success) throw Failure.terminal('DataInvalid', `${this.#question.name}: ${asked.error.message}`);
      const context = { envelope, signal: this.#giveUp.signal };
      // Both are what this very question's schemas read.
      const { type, id, traceparent } = envelope;
      const { service } = this.#bus.identity;
      const answer = await answerChannel.tracePromise(() => this.#handler(asked.data as AskedOf<Q>, context), {
        service,
        type,
        id,
        traceparent,
      });
      return { answer: this.#question.answer.parse(answer) };
    } catch (thrown) {
      const failure = ensureFailure(thrown);
      const pairs = { question: this.#question.name, eventId: envelope.id, source: envelope.source };
      this.#bus.logger.warn('question failed', { ...pairs, code: failure.code, error: failure.message });
      return toAnswerFailure(failure);
    }
  }
}

const tooMany = Failure.retryable('TooManyQuestions', 'too many questions at once; ask again in a moment', {
  afterMs: 500,
});
