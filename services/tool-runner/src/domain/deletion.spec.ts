import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { decideDeletion } from './deletion.ts';
import { type Evidence, lateDuplicateMs, type Seen } from './outcome.ts';

/** The object as it was written ahead, or otherwise. */
function seen(metadata: Partial<KubeObject['metadata']> = {}): Seen {
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid: 'u1', resourceVersion: '10', generation: 4, ...metadata },
  };
  return { kind: 'object', object };
}

function decide(over: Partial<Evidence>) {
  return decideDeletion({
    mark: 'g1',
    target: 'Deployment shop/web',
    writeAhead: { uid: 'u1', resourceVersion: '10', generation: 4, previousMark: null, bytesSha256: '' },
    changes: [],
    seen: seen(),
    unanswered: false,
    sends: 1,
    sinceSentMs: 0,
    ...over,
  });
}

const gone: Seen = { kind: 'gone' };
const unknown: Seen = { kind: 'unknown', why: 'nobody listens there' };
const terminating = seen({ deletionTimestamp: '2026-11-24T10:00:00Z', finalizers: ['example.org/held'] });
const changed = seen({ resourceVersion: '99', generation: 9, annotations: { 'skyflo.ai/grant': 'g0' } });
const refused = (status: number) => ({ status, failure: Failure.terminal('Refused', 'no') });
const answered = { unanswered: false };
const unanswered = { unanswered: true };

describe('the outcome of a delete', () => {
  it.each<[string, string, Partial<Evidence>]>([
    ['done', 'it is gone and a try is unaccounted for', { seen: gone, ...unanswered }],
    ['done', 'another object has its name now: a uid never comes back', { seen: seen({ uid: 'u2' }), ...unanswered }],
    ['done', 'it is being deleted', { seen: terminating, ...unanswered }],
    ['send', 'it is there as ever', { seen: seen(), ...unanswered }],
    [
      'not-done',
      'every try was answered 404: somebody else did it',
      { seen: gone, refusal: refused(404), ...answered },
    ],
    ['not-done', 'it was forbidden', { refusal: refused(403), ...answered }],
    ['wait', 'it is forbidden now but an earlier try may still arrive', { refusal: refused(403), ...unanswered }],
    ['wait', 'it was sent and the cluster is away', { seen: unknown, ...unanswered }],
    ['uncertain', 'the cluster stays away', { seen: unknown, sinceSentMs: lateDuplicateMs + 1, ...unanswered }],
  ])('is %s when %s', (kind, _why, evidence) => {
    expect(decide(evidence)).toMatchObject({ kind });
  });

  it('is sent again however much a controller changed the object, because only its uid counts', () => {
    expect(decide({ seen: changed, ...unanswered })).toEqual({ kind: 'send' });
  });

  it('does not claim a deed that may have been another’s', () => {
    expect(decide({ seen: gone, ...unanswered })).toMatchObject({ after: { kind: 'gone', byUs: false } });
  });
});
