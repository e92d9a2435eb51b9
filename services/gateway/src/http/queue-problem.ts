import { assertNever, type QueueAnswer } from '@skyflo/contracts';
import { HttpProblem } from './http-problem.ts';

/** What the planner's answer about a queued message is in HTTP; returns where it was taken. */
export function assertTaken(answer: QueueAnswer): void {
  switch (answer.outcome) {
    case 'accepted':
    case 'repeated':
      return;
    case 'conflict':
      throw new HttpProblem(409, 'RunNotQueued', answer.message);
    default:
      assertNever(answer, 'outcome');
  }
}
