import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { staysUnder, taintText, withoutTaint, withTaint } from './taints.ts';

const gpu = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
const old = { key: 'old', effect: 'NoExecute' };

describe('the taints of a node', () => {
  it('are told apart by key and effect: another value takes the place of the former', () => {
    expect(withTaint([gpu, old], { ...gpu, value: 'no' })).toEqual([{ ...gpu, value: 'no' }, old]);
    expect(withTaint([gpu], { ...gpu, effect: 'NoExecute' })).toEqual([gpu, { ...gpu, effect: 'NoExecute' }]);
    const timed = { ...old, timeAdded: '2026-11-24T12:00:00Z' };
    expect(withTaint([timed], { ...old, value: '' })).toEqual([timed]);
  });

  it('go by their key, all or those of one effect', () => {
    const both = [gpu, { ...gpu, effect: 'NoExecute' }, old];
    expect(withoutTaint(both, 'gpu', undefined)).toEqual([old]);
    expect(withoutTaint(both, 'gpu', 'NoExecute')).toEqual([gpu, old]);
    expect(withoutTaint(both, 'none', undefined)).toEqual(both);
  });

  it('are written as kubectl does', () => {
    expect([gpu, old].map(taintText)).toEqual(['gpu=yes:NoSchedule', 'old:NoExecute']);
  });
});

describe('a pod under NoExecute', () => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoExecute' };
  const pod = (...tolerations: object[]) =>
    ({ metadata: { name: 'web' }, spec: { tolerations } }) as unknown as KubeObject;
  it.each<[boolean, object[]]>([
    [false, []],
    [true, [{ operator: 'Exists' }]],
    [true, [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }]],
    [true, [{ key: 'gpu', value: 'yes' }]],
    [false, [{ key: 'gpu', value: 'no' }]],
    [false, [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }]],
    [false, [{ key: 'gpu', operator: 'Exists', tolerationSeconds: 300 }]],
    [false, [{ key: 'other', operator: 'Exists' }]],
  ])('stays for good: %s, with %j', (stays, tolerations) => {
    expect(staysUnder(taint, pod(...tolerations))).toBe(stays);
  });
});
