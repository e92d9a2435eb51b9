import { Failure, FailureRecord, newId, questionSubject, type Envelope, type QuestionEntry } from '@skyflo/contracts';
import type { Identity } from '../keys/identity.ts';
import { signEnvelope } from '../keys/signature.ts';

type AnswerFailure = FailureRecord & { readonly retryable: boolean; readonly afterMs?: number };

/** What travels back: the answer, or why there is none. */
export type AnswerBody = { readonly answer: unknown } | { readonly failure: AnswerFailure };

/** Throws on anything that is neither an answer nor a failure. */
export function readAnswerBody(data: unknown): AnswerBody {
  if (typeof data !== 'object' || data === null) throw new TypeError('it holds no answer');
  if ('answer' in data) return { answer: data.answer };
  if (!('failure' in data) || typeof data.failure !== 'object' || data.failure === null)
    throw new TypeError('it holds neither an answer nor a failure');
  const { retryable, afterMs } = data.failure as Partial<AnswerFailure>;
  return {
    failure: {
      ...FailureRecord.parse(data.failure),
      retryable: retryable === true,
      ...(typeof afterMs === 'number' ? { afterMs } : {}),
    },
  };
}

/** `find-tools.v1` is answered by `find-tools.answer.v1`. */
export function answerTypeOf(questionName: string): string {
  return questionName.replace(/\.v(\d+)$/, '.answer.v$1');
}

export type Asking = {
  readonly asked: unknown;
  readonly now: Date;
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
};

export function sealQuestion(
  identity: Identity,
  entry: QuestionEntry,
  { asked, now, causationId, traceparent }: Asking,
): Envelope {
  return signEnvelope(identity, {
    specversion: '1.0',
    id: newId(),
    source: identity.service,
    type: entry.question.name,
    subject: questionSubject(entry),
    time: now.toISOString(),
    datacontenttype: 'application/json',
    ...(causationId === undefined ? {} : { causationid: causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    data: asked,
  });
}

export type Answering = { readonly body: AnswerBody; readonly replyTo: string; readonly now: Date };

/** An answer names its question by `causationid`; so an answer to another one, or an old one, fits nowhere. */
export function sealAnswer(identity: Identity, question: Envelope, { body, replyTo, now }: Answering): Envelope {
  return signEnvelope(identity, {
    specversion: '1.0',
    id: newId(),
    source: identity.service,
    type: answerTypeOf(question.type),
    subject: replyTo,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    causationid: question.id,
    data: body,
  });
}

export function toAnswerFailure(failure: Failure): AnswerBody {
  const { retryable, afterMs } = failure;
  return { failure: { ...failure.toRecord(), retryable, ...(afterMs === undefined ? {} : { afterMs }) } };
}

export function fromAnswerFailure({ failure }: Extract<AnswerBody, { failure: unknown }>): Failure {
  const { code, message, hint, retryable, afterMs } = failure;
  const options = { ...(hint === undefined ? {} : { hint }) };
  return retryable
    ? Failure.retryable(code, message, { ...options, ...(afterMs === undefined ? {} : { afterMs }) })
    : Failure.terminal(code, message, options);
}
