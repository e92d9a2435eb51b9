import { describe, expect, it } from '@jest/globals';
import type { EvictionEntry } from './evictions.ts';
import { drainReport, progressLine } from './report.ts';

const entry = (name: string, over: Partial<EvictionEntry>): EvictionEntry => ({
  n: 0,
  request: {
    verb: 'create',
    target: { group: '', version: 'v1', resource: 'pods', namespace: 'shop', name },
    body: '',
    options: {},
  },
  state: 'due',
  unanswered: false,
  told: undefined,
  ...over,
});
const held = entry('db', { told: 'the budget says no' });

describe('the report of a drain', () => {
  it('is done only where every pod is gone', () => {
    expect(drainReport('Node n', [entry('a', { state: 'gone' })], 'complete')).toEqual({
      text: 'Done, as approved: Node n is cordoned. 1 pod left.',
      facts: { complete: true, evicted: 1, ending: 0, left: 0 },
    });
    expect(drainReport('Node n', [], 'complete').text).toContain('There was no pod to evict.');
  });

  it('names each pod that is still there, and why', () => {
    const entries = [entry('a', { state: 'gone' }), entry('b', { state: 'accepted' }), held];
    expect(drainReport('Node n', entries, 'time')).toEqual({
      text: [
        'Done in part: Node n is cordoned and stays so; 1 of 3 pods left, then the time for it was up.',
        'shop/b was evicted and is still ending',
        'shop/db stays: the budget says no',
      ].join('\n'),
      facts: { complete: false, evicted: 1, ending: 1, left: 1 },
    });
  });

  it('does not promise that a pod stays whose last request was never answered', () => {
    const { text } = drainReport('Node n', [entry('a', { unanswered: true })], 'stopped');
    expect(text).toContain('shop/a stays: a request for it was never answered, so it may still be evicted');
  });
});

describe('the progress of a drain', () => {
  it('is one line that says what is waited for', () => {
    const line = progressLine([entry('a', { state: 'gone' }), entry('b', { state: 'accepted' }), held]);
    expect(line).toBe('1 of 3 pods left; 1 ending; shop/db waits: the budget says no');
  });
});
