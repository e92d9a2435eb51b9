import { describe, expect, it } from '@jest/globals';
import { fieldSelector, labelSelector } from './selectors.ts';

describe('selectors', () => {
  it.each([
    ['app=web', 'app=web'],
    ['app == web , tier!=db', 'app=web,tier!=db'],
    ['env in (a, b),!canary,app.kubernetes.io/name', 'env in (a,b),!canary,app.kubernetes.io/name'],
    ['env notin (a)', 'env notin (a)'],
    ['empty=', 'empty='],
  ])('reads the label selector %s', (text, written) => {
    expect(labelSelector(text)).toBe(written);
  });

  it.each(['', 'a b', 'app=web&limit=9', 'app=(x', '-l app=web', 'app in ()x', '../x=y', 'a=b\nc=d'])(
    'refuses %j as a label selector',
    (text) => {
      expect(() => labelSelector(text)).toThrow('label_selector');
    },
  );

  it('reads field selectors and refuses the rest', () => {
    expect(fieldSelector('status.phase==Running,spec.nodeName!=node-1')).toBe(
      'status.phase=Running,spec.nodeName!=node-1',
    );
    expect(() => fieldSelector('metadata.name=a&x=1')).toThrow('field_selector');
    expect(() => fieldSelector('--all')).toThrow('field_selector');
  });
});
