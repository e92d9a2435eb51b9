import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { decideApply } from './application.ts';
import { type Evidence, lateDuplicateMs, maxSends, type Seen } from './outcome.ts';

type Over = { rv?: string; generation?: number; mark?: string; replicas?: number; uid?: string };
const gone: Seen = { kind: 'gone' };

function seen({ rv = '10', generation = 4, mark, replicas = 2, uid = 'u1' }: Over = {}): Seen {
  const annotations = mark === undefined ? {} : { annotations: { 'skyflo.ai/grant': mark } };
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid, resourceVersion: rv, generation, ...annotations },
    spec: { replicas },
  };
  return { kind: 'object', object };
}

const existing = { uid: 'u1', resourceVersion: '10', generation: 4, previousMark: null, bytesSha256: '' };
const absent = { uid: '', resourceVersion: '', previousMark: null, bytesSha256: '' };

function decide(over: Partial<Evidence>) {
  return decideApply({
    mark: 'g1',
    target: 'Deployment shop/web',
    writeAhead: existing,
    changes: [{ path: '/spec/replicas', from: 2, to: 3 }],
    seen: seen(),
    unanswered: false,
    sends: 1,
    sinceSentMs: 0,
    ...over,
  });
}

const conflict = { status: 409, failure: Failure.terminal('Conflict', 'modified') };

describe('the outcome of an apply to an object', () => {
  it.each<[string, Partial<Evidence>, object]>([
    ['is done where the grant annotation is ours', { seen: seen({ rv: '12', mark: 'g1' }) }, { kind: 'done' }],
    ['is sent again while the resourceVersion stands', { unanswered: true }, { kind: 'send' }],
    [
      'is looked at again where only a status moved',
      { seen: seen({ rv: '12' }), refusal: conflict },
      { kind: 'again' },
    ],
    [
      'is so too with a try unaccounted for: it is spent',
      { seen: seen({ rv: '12' }), unanswered: true },
      { kind: 'again' },
    ],
    [
      'is looked at again where a spec was changed back, but not by us',
      { seen: seen({ rv: '14', generation: 6 }), unanswered: true },
      { kind: 'again' },
    ],
    [
      'is given up where it moves faster than it can be written',
      { seen: seen({ rv: '12' }), refusal: conflict, sends: maxSends },
      { kind: 'not-done', failure: { code: 'TargetMoved' } },
    ],
    [
      'is not done where others changed it and every try was refused',
      { seen: seen({ rv: '12', generation: 5, replicas: 7 }), refusal: conflict },
      { kind: 'not-done', failure: { code: 'TargetMoved' } },
    ],
    [
      'is uncertain where others changed it and a try is unaccounted for',
      { seen: seen({ rv: '12', generation: 5, replicas: 7 }), unanswered: true },
      { kind: 'uncertain' },
    ],
    [
      'is uncertain where it is gone and a try is unaccounted for',
      { seen: gone, unanswered: true },
      { kind: 'uncertain' },
    ],
    ['is not done where another has its name', { seen: seen({ uid: 'u2' }) }, { kind: 'not-done' }],
  ])('%s', (_, over, verdict) => expect(decide(over)).toMatchObject(verdict));
});

describe('the outcome of an apply that makes an object', () => {
  const made = (over: Partial<Evidence>) => decide({ writeAhead: absent, changes: [], ...over });
  it.each<[string, Partial<Evidence>, object]>([
    [
      'is done where it is there with our grant annotation',
      { seen: seen({ uid: 'u9', mark: 'g1' }) },
      { kind: 'done' },
    ],
    ['is sent again while there is none', { seen: gone, unanswered: true }, { kind: 'send' }],
    ['is not done where somebody else made it', { seen: seen({ uid: 'u9' }), refusal: conflict }, { kind: 'not-done' }],
    [
      'is uncertain where one is there that is not ours',
      { seen: seen({ uid: 'u9' }), unanswered: true },
      { kind: 'uncertain' },
    ],
    [
      'waits where the API server stopped taking it and an earlier try may still arrive',
      { seen: gone, unanswered: true, refusal: { ...conflict, status: 403 } },
      { kind: 'wait' },
    ],
    [
      'is not done once nothing of it can arrive any more',
      { seen: gone, unanswered: true, refusal: { ...conflict, status: 403 }, sinceSentMs: lateDuplicateMs + 1 },
      { kind: 'not-done' },
    ],
  ])('%s', (_, over, verdict) => expect(made(over)).toMatchObject(verdict));
});
