import { describe, expect, it } from 'vitest';
import { aPlan } from '../../../tests/fixture/plan.ts';
import { fieldWords, marksItsGrant, podWords } from './plan-words.ts';

const callId = '0199a0c0-0000-7000-8000-000000000001.0.0';
const plan = aPlan(callId);
const changing = (path: string, from: string | number | null, to: string | number | null): typeof plan =>
  aPlan(callId, { changes: plan.changes.map((change) => ({ ...change, changes: [{ path, from, to }] })) });

describe('a plan in words', () => {
  it('tells the fields that somebody wanted changed, and leaves the grant annotation to a note', () => {
    expect(fieldWords(plan)).toEqual([
      { field: 'replicas', from: '4', to: '6' },
      { field: 'memory', from: '256Mi', to: '512Mi' },
    ]);
    expect(marksItsGrant(plan)).toBe(true);
  });

  it('names an annotation by its last part', () => {
    const restart = changing('/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt', null, 'now');
    expect(fieldWords(restart)).toEqual([{ field: 'restartedAt', from: undefined, to: 'now' }]);
  });

  it('counts the pods that come and go, if any do', () => {
    expect(podWords(plan.blastRadius)).toBe('4 replaced, 2 added');
    expect(podWords({ summary: '', podsReplaced: 0, podsAdded: 0, podsRemoved: 0 })).toBeUndefined();
  });
});
