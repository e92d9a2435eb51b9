import { describe, expect, it } from '@jest/globals';
import { aCall, finished } from '../../test/builders.ts';
import { compareChecks, planVerification } from './verification.ts';

const write = aCall(
  0,
  0,
  finished({ checks: [{ tool: 'k8s_get', args: { name: 'x' }, expected: '3 ready', facts: { ready: 3 } }] }),
);
const looked = (facts: object, result: Parameters<typeof aCall>[2]) =>
  compareChecks([aCall(1, 0, result, { verifies: { callId: write.id, expected: '3 ready', facts: { ...facts } } })])[0];

describe('a verification', () => {
  it('is made of the checks that the finished writes bring along', () => {
    expect(planVerification([write, aCall(0, 1, finished())])).toEqual([
      {
        tool: 'k8s_get',
        args: { name: 'x' },
        verifies: { callId: write.id, expected: '3 ready', facts: { ready: 3 } },
      },
    ]);
  });

  it('holds when every named fact is equal, whatever else was reported', () => {
    expect(looked({ ready: 3 }, finished({ facts: { ready: 3, wanted: 3 } }))).toMatchObject({
      holds: true,
      observed: 'ready = 3',
    });
    expect(looked({ ready: 3, done: true }, finished({ facts: { ready: 2 } }))).toMatchObject({
      holds: false,
      observed: 'ready = 2, done = not reported',
    });
  });

  it('is told in the words of the tool where yes or no was asked for', () => {
    const text = 'Deployment shop/web is still rolling out: 1 of 3 pods updated.\n3 wanted, 1 updated.';
    expect(looked({ done: true }, finished({ text, facts: { done: false } }))).toMatchObject({
      holds: false,
      observed: 'Deployment shop/web is still rolling out: 1 of 3 pods updated.',
    });
    expect(looked({ done: true }, finished({ text, facts: {} }))?.observed).toBe('done = not reported');
    expect(looked({ done: true }, finished({ text: '', facts: { done: true } }))?.observed).toBe('done = true');
  });

  it('of a check without facts holds when the tool succeeds, and not when it fails', () => {
    expect(looked({}, finished())?.holds).toBe(true);
    const failed = { outcome: 'failed', failure: { code: 'NotFound', message: 'it is gone' } } as const;
    expect(looked({}, failed)).toMatchObject({ holds: false, observed: 'it is gone' });
  });

  it('says that it could not look where the values were not to be had', () => {
    expect(looked({ ready: 3 }, { outcome: 'cancelled', reason: 'stopped' })?.holds).toBeNull();
  });
});
