import { type AnswerOf, assertNever, type DecideApproval } from '@skyflo/contracts';
import { forbidden, HttpProblem, notFound } from './http-problem.ts';

/** What the gate's answer to a decision is in HTTP; undefined where the decision stands. */
export function refusalOf(answer: AnswerOf<typeof DecideApproval>): HttpProblem | undefined {
  switch (answer.outcome) {
    case 'accepted':
    case 'repeated':
      return undefined;
    case 'conflict': {
      const { message, currentDigest } = answer;
      return new HttpProblem(409, 'DecisionConflict', message, currentDigest === undefined ? {} : { currentDigest });
    }
    case 'expired':
      return new HttpProblem(410, 'ApprovalExpired', answer.message);
    case 'forbidden':
      return forbidden('DecisionForbidden', answer.message);
    case 'unknown':
      return notFound('approval');
    default:
      return assertNever(answer, 'outcome');
  }
}
