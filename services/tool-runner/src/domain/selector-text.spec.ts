import { describe, expect, it } from '@jest/globals';
import { labelSelector } from '@skyflo/kube';
import { selectorText } from './selector-text.ts';

describe('a selector as text', () => {
  it('holds labels and expressions, and is one that the API takes', () => {
    const text = selectorText({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'env', operator: 'NotIn', values: ['test'] },
        { key: 'x.io/y', operator: 'Exists' },
        { key: 'canary', operator: 'DoesNotExist' },
      ],
    });
    expect(text).toBe('app=web,tier in (a,b),env notin (test),x.io/y,!canary');
    expect(labelSelector(text ?? '')).toBe(text);
  });

  it('is nothing where nothing is selected: as a text that would be everything', () => {
    expect(selectorText({})).toBeUndefined();
    expect(selectorText({ matchLabels: {} })).toBeUndefined();
  });
});
