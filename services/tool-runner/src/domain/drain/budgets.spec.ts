import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { budgetLine, holdAgainst } from './budgets.ts';
import { toNodePod } from './node-pod.ts';

function aPod(name: string, labels: object, { ready = true, phase = 'Running' } = {}) {
  return toNodePod({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: labels as { [key: string]: string } },
    spec: {},
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  });
}

function aBudget(name: string, spec: JsonObject, status: JsonObject): KubeObject {
  const metadata = { name, namespace: 'shop' };
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec, status };
}

const web = { selector: { matchLabels: { app: 'web' } } };
const pods = [aPod('a', { app: 'web' }), aPod('b', { app: 'web' }), aPod('c', { app: 'other' })];

describe('budgets held against the pods that are to leave', () => {
  it('say how many may go now', () => {
    const { held } = holdAgainst([aBudget('web', web, { disruptionsAllowed: 1 })], pods);
    expect(held.map(budgetLine)).toEqual([
      'PodDisruptionBudget shop/web lets 1 of 2 pods go now, the others one by one',
    ]);
  });

  it.each<[string, JsonObject, JsonObject, object]>([
    ['that have not begun', {}, {}, { phase: 'Pending' }],
    [
      'that are unready, where the budget lets those go',
      { unhealthyPodEvictionPolicy: 'AlwaysAllow' },
      {},
      { ready: false },
    ],
    [
      'that are unready, where enough others are healthy',
      {},
      { currentHealthy: 2, desiredHealthy: 2 },
      { ready: false },
    ],
  ])('do not hold pods %s', (_which, spec, status, pod) => {
    const budget = aBudget('web', { ...web, ...spec }, { disruptionsAllowed: 0, ...status });
    expect(holdAgainst([budget], [aPod('a', { app: 'web' }, pod)]).held).toEqual([]);
  });

  it('hold unready pods where every healthy one is needed', () => {
    const budget = aBudget('web', web, { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2 });
    expect(holdAgainst([budget], [aPod('a', { app: 'web' }, { ready: false })]).held).toMatchObject([{ allowed: 0 }]);
  });

  it('that choose the same pod keep it for good', () => {
    const expression = { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] } };
    const view = holdAgainst([aBudget('one', web, {}), aBudget('two', expression, {})], pods);
    expect(view).toEqual({ held: [], ambiguous: ['shop/a', 'shop/b'] });
  });

  it('of another namespace, or without a selector, hold nothing', () => {
    const elsewhere = aBudget('web', web, {});
    const other = { ...elsewhere, metadata: { name: 'web', namespace: 'elsewhere' } };
    expect(holdAgainst([other, aBudget('none', {}, {})], pods).held).toEqual([]);
  });
});
