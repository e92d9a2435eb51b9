import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { standingOf } from './waiting.ts';

const anObject = (kind: string, rest: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind, metadata: { name: 'web', ...metadata }, ...rest }) as KubeObject;
const aPod = (status: object) => anObject('Pod', { spec: { containers: [{ name: 'web' }] }, status });
const aJob = (type: string) =>
  anObject('Job', { status: { conditions: [{ type, status: 'True', reason: 'BackoffLimitExceeded' }] } });
const ready = { type: 'Ready', status: 'True' };

describe('what is waited for', () => {
  it.each([
    ['gone', undefined, 'done', 'it is gone'],
    ['gone', anObject('Pod', {}), 'open', 'nobody has deleted it'],
    ['gone', anObject('Pod', {}, { deletionTimestamp: 'now', finalizers: ['a/b'] }), 'open', 'its finalizers: a/b'],
    ['ready', undefined, 'hopeless', 'it was deleted meanwhile'],
    ['ready', aPod({ phase: 'Running', conditions: [ready] }), 'done', 'all its containers are ready'],
    ['ready', aPod({ phase: 'Pending' }), 'open', 'its phase is Pending'],
    ['ready', aPod({ phase: 'Failed', reason: 'Evicted' }), 'hopeless', 'Evicted'],
    ['ready', anObject('Widget', { status: { conditions: [ready] } }), 'done', 'its condition Ready is True'],
    ['ready', anObject('Widget', {}), 'open', 'it reports no condition'],
    ['settled', aJob('Complete'), 'done', 'it has completed'],
    ['settled', aJob('Failed'), 'hopeless', 'it has failed: BackoffLimitExceeded'],
    ['settled', anObject('Job', {}), 'open', 'it still runs'],
  ] as const)('until %s: %j is %s', (until, object, state, seen) => {
    expect(standingOf(until, object)).toEqual({ state, seen: expect.stringContaining(seen) });
  });

  it('says which kinds cannot settle', () => {
    expect(() => standingOf('settled', anObject('ConfigMap', {}))).toThrow('a ConfigMap does not settle');
  });
});
