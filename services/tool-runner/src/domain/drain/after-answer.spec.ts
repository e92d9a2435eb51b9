import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import type { WriteAnswer } from '@skyflo/kube';
import { afterAnswer } from './after-answer.ts';

const refused = (status: number, message = 'no') =>
  ({ kind: 'refused', status, failure: Failure.terminal('Refused', message), conflicts: [] }) as WriteAnswer;
const failure = Failure.retryable('ClusterUnreachable', 'nobody listens');

describe('an answer to an eviction', () => {
  it.each<[string, WriteAnswer, string]>([
    ['taken', { kind: 'taken' }, 'accepted'],
    ['held by a budget', refused(429), 'due'],
    ['about another pod of the name', refused(409), 'due'],
    ['of a namespace that is ending', refused(403, 'namespace shop is being terminated'), 'due'],
    ['never sent', { kind: 'unsent', failure }, 'due'],
    ['forbidden', refused(403), 'refused'],
    ['refused by a webhook', refused(400), 'refused'],
  ])('%s leaves the pod %s', (_what, answer, state) => {
    expect(afterAnswer(answer)).toMatchObject({ state });
  });

  it('that nobody saw leaves it open whether it arrived', () => {
    expect(afterAnswer({ kind: 'unknown', failure })).toBeUndefined();
  });
});
