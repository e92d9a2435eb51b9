import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { Failure, type Problem } from '@skyflo/contracts';
import { HttpProblem, tryAgain } from './http-problem.ts';

const maxBody = '256 KiB';
/** What the body parser says in its own words, in ours. */
const parserProblems: Readonly<Record<string, { status: number; code: string; detail: string }>> = {
  'entity.parse.failed': { status: 400, code: 'InvalidJson', detail: 'The body is not valid JSON.' },
  'entity.too.large': { status: 413, code: 'BodyTooLarge', detail: `The body is larger than ${maxBody}.` },
  'encoding.unsupported': { status: 415, code: 'UnsupportedEncoding', detail: 'The body has an unknown encoding.' },
  'charset.unsupported': { status: 415, code: 'UnsupportedCharset', detail: 'The body has an unknown charset.' },
};

/** Translates whatever was thrown, once, at the edge. What is nobody's mistake and no known trouble is a 500 without detail. */
export function toHttpProblem(thrown: unknown): HttpProblem {
  if (thrown instanceof HttpProblem) return thrown;
  if (thrown instanceof Failure) return fromFailure(thrown);
  // Nest wraps what the body parser threw.
  if (thrown instanceof HttpException) return fromParser(thrown.cause) ?? fromStatus(thrown.getStatus());
  return fromParser(thrown) ?? new HttpProblem(500, 'UnexpectedError', 'Something went wrong here. It was recorded.');
}

/** The document of RFC 9457. `instance` names this one occurrence in the logs. */
export function toProblemDocument({ status, code, message, members }: HttpProblem, instance: string): Problem {
  const { headers: _headers, ...shown } = members;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    instance,
    ...shown,
  };
}

function fromFailure(failure: Failure): HttpProblem {
  if (!failure.retryable) return new HttpProblem(500, failure.code, 'Something went wrong here. It was recorded.');
  if (failure.code === 'UnexpectedError')
    return new HttpProblem(500, failure.code, 'Something went wrong here. It was recorded.');
  return tryAgain(503, failure.code, `${failure.message} Please try again.`, failure.afterMs ?? 2_000);
}

function fromStatus(status: number): HttpProblem {
  if (status === 404) return new HttpProblem(404, 'NotFound', 'There is nothing at this address.');
  if (status === 400) return new HttpProblem(400, 'InvalidRequest', 'The request cannot be read.');
  return new HttpProblem(status, 'Refused', `${STATUS_CODES[status] ?? 'The request was refused'}.`);
}

function fromParser(thrown: unknown): HttpProblem | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const { type, status } = thrown as { type?: unknown; status?: unknown };
  const known = typeof type === 'string' ? parserProblems[type] : undefined;
  if (known) return new HttpProblem(known.status, known.code, known.detail);
  return typeof status === 'number' && status >= 400 && status < 500 ? fromStatus(status) : undefined;
}
