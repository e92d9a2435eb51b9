import { assertNever, type QueueAnswer } from '@skyflo/contracts';
import { HttpProblem } from './http-problem.ts';

/** What the planner's answer about a queued message is in HTTP; returns where it was taken. */
export function assertTaken(answer: QueueAnswer): void {
  switch (answer.outcome) {
    case 'accepted':
    case 'repeated':
      return;
    case 'conflict':
      throw notQueued(answer.message);
    default:
      assertNever(answer, 'outcome');
  }
}

export const notQueued = (detail: string) => new HttpProblem(409, 'RunNotQueued', detail);
