import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { decideOutcome, type Evidence, lateDuplicateMs, type Seen } from './outcome.ts';

const grantId = 'g1';
const gone: Seen = { kind: 'gone' };
const unknown: Seen = { kind: 'unknown', why: 'nobody listens there' };

/** The object as it was written ahead, or otherwise. */
function seen(over: { rv?: string; generation?: number; mark?: string; replicas?: number; uid?: string } = {}): Seen {
  const { rv = '10', generation = 4, mark, replicas = 2, uid = 'u1' } = over;
  const annotations = mark === undefined ? {} : { annotations: { 'skyflo.ai/grant': mark } };
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid, resourceVersion: rv, generation, ...annotations },
    spec: { replicas },
  };
  return { kind: 'object', object };
}

function decide(over: Partial<Evidence>) {
  return decideOutcome({
    mark: grantId,
    target: 'Deployment shop/web',
    writeAhead: { uid: 'u1', resourceVersion: '10', generation: 4, previousMark: null, bytesSha256: '' },
    changes: [{ path: '/spec/replicas', from: 2, to: 3 }],
    seen: seen(),
    unanswered: false,
    sends: 1,
    sinceSentMs: 0,
    ...over,
  });
}

const refused = (status: number, code = 'Invalid') => ({ status, failure: Failure.terminal(code, 'no') });
const answered = { unanswered: false };
const unanswered = { unanswered: true };
const ours = seen({ rv: '11', generation: 5, mark: grantId, replicas: 3 });
const statusMoved = seen({ rv: '12' });
const specMoved = seen({ rv: '12', generation: 5, replicas: 7 });
const markMoved = seen({ rv: '12', mark: 'g0' });

describe('the outcome of a write', () => {
  it.each<[string, string, Partial<Evidence>]>([
    ['done', 'our mark is on it, whatever the answer', { seen: ours, ...unanswered }],
    [
      'done',
      'our mark is on it though the last try was refused: an earlier one won',
      { seen: ours, refusal: refused(422), ...unanswered },
    ],
    ['send', 'nothing has happened since the write-ahead', { seen: seen(), ...unanswered }],
    ['send', 'only its status moved', { seen: statusMoved, ...unanswered }],
    ['send', 'it was not sent and the cluster is away', { seen: unknown, ...answered }],
    ['send', 'it met a conflict that passes', { refusal: refused(409), ...answered }],
    [
      'not-done',
      'its precondition is spent and every try was answered',
      { seen: specMoved, refusal: refused(422), ...answered },
    ],
    ['not-done', 'another mark came without a change of spec, so ours never came', { seen: markMoved, ...unanswered }],
    ['not-done', 'the object went and every try was answered', { seen: gone, refusal: refused(404), ...answered }],
    ['not-done', 'it was forbidden', { refusal: refused(403, 'Forbidden'), ...answered }],
    ['not-done', 'it is invalid, and stays so for a late duplicate', { refusal: refused(422), ...unanswered }],
    ['not-done', 'it could never be sent', { seen: unknown, sends: 8, ...answered }],
    ['wait', 'it is forbidden now but an earlier try may still arrive', { refusal: refused(403), ...unanswered }],
    ['wait', 'it was sent and the cluster is away', { seen: unknown, ...unanswered }],
    ['uncertain', 'others changed the spec and ours may have been among it', { seen: specMoved, ...unanswered }],
    ['uncertain', 'the object went while a try was unaccounted for', { seen: gone, ...unanswered }],
    ['uncertain', 'another object has its name now', { seen: seen({ uid: 'u2' }), ...unanswered }],
  ])('is %s when %s', (kind, _why, evidence) => {
    expect(decide(evidence)).toMatchObject({ kind });
  });

  it('is settled once no late duplicate can arrive any more', () => {
    const late = { sinceSentMs: lateDuplicateMs + 1, ...unanswered };
    expect(decide({ seen: unknown, ...late })).toMatchObject({ kind: 'uncertain' });
    expect(decide({ refusal: refused(403, 'Forbidden'), ...late })).toMatchObject({ kind: 'not-done' });
  });

  it('of drift is told as TargetMoved with what moved', () => {
    expect(decide({ seen: specMoved, refusal: refused(422) })).toMatchObject({
      failure: { code: 'TargetMoved', message: expect.stringContaining('spec.replicas is 7 now, it was 2') },
    });
  });
});
