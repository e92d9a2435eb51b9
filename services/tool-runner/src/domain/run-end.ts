import { assertNever, type RunCompleted } from '@skyflo/contracts';
import type { Ending } from './own-runs.ts';

/** What is said of a run whose only call ended so. A person's or a policy's no is an answer: the run was worked off. */
export function runEndOf(ending: Ending): RunCompleted['data'] {
  switch (ending.outcome) {
    case 'finished':
      return { status: 'completed' };
    case 'refused':
      return ending.why === 'withdrawn' ? { status: 'stopped', reason: ending.message } : { status: 'completed' };
    case 'cancelled':
      return { status: 'stopped', reason: ending.reason };
    case 'failed':
      return { status: 'failed', reason: ending.failure.message, failure: ending.failure };
    case 'uncertain':
      return { status: 'failed', reason: `${ending.sent} ${ending.seen} ${ending.next}` };
    default:
      return assertNever(ending);
  }
}
