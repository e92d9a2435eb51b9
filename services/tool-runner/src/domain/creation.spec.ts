import { describe, expect, it } from '@jest/globals';
import { Failure } from '@skyflo/contracts';
import { type CreationEvidence, decideCreation } from './creation.ts';
import { lateDuplicateMs, type Seen } from './outcome.ts';

const object = (mark: string): Seen => ({
  kind: 'object',
  object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'box', annotations: { 'skyflo.ai/grant': mark } } },
});
const gone: Seen = { kind: 'gone' };
const unknown: Seen = { kind: 'unknown', why: 'nobody listens' };
const refused = (status: number) => ({
  answer: { kind: 'refused' as const, status, failure: Failure.terminal('Refused', 'no'), conflicts: [] },
});
const decide = (over: Partial<CreationEvidence>) =>
  decideCreation({
    grantId: 'g1',
    target: 'Pod shop/box',
    answer: undefined,
    seen: gone,
    unanswered: false,
    sends: 1,
    sinceSentMs: 0,
    ...over,
  }).kind;

describe('the outcome of a create', () => {
  it.each<[string, Partial<CreationEvidence>, string]>([
    ['carries our annotation', { seen: object('g1'), unanswered: true }, 'done'],
    ['is somebody else’s', { seen: object('g0'), unanswered: true }, 'not-done'],
    ['is there no more after a crash', { seen: gone, unanswered: true }, 'send'],
    ['was refused for good', { ...refused(403) }, 'not-done'],
    ['was refused for now', { ...refused(429) }, 'send'],
    ['was refused, but an earlier try may arrive', { ...refused(403), unanswered: true }, 'wait'],
    [
      'was refused, and nothing can arrive any more',
      { ...refused(403), unanswered: true, sinceSentMs: lateDuplicateMs + 1 },
      'not-done',
    ],
    ['was tried often enough', { sends: 8 }, 'not-done'],
    ['cannot be looked at, and was refused', { ...refused(403), seen: unknown }, 'not-done'],
    ['cannot be looked at', { seen: unknown, unanswered: true }, 'wait'],
    [
      'cannot be looked at for too long',
      { seen: unknown, unanswered: true, sinceSentMs: lateDuplicateMs + 1 },
      'uncertain',
    ],
  ])('of an object that %s', (_what, evidence, outcome) => {
    expect(decide(evidence)).toBe(outcome);
  });
});
