import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { forced, toAutoscaler, withAutoscaling } from './autoscaler.ts';

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
const memory = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
};
const anAutoscaler = (metrics: object[] = [memory, cpu], currentReplicas = 4) =>
  ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2, maxReplicas: 6, metrics },
    status: { currentReplicas },
  }) as unknown as KubeObject;
const changed = (object: KubeObject, wish: object) =>
  JSON.parse(JSON.stringify(withAutoscaling(object, toAutoscaler(object), wish))).spec;

describe('an autoscaler', () => {
  it('gets other bounds and another target, and nothing else', () => {
    const object = anAutoscaler();
    expect(changed(object, { min: 3, max: 9, cpu_percent: 60 })).toEqual({
      ...JSON.parse(JSON.stringify(object)).spec,
      minReplicas: 3,
      maxReplicas: 9,
      metrics: [
        memory,
        { ...cpu, resource: { ...cpu.resource, target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    });
  });

  it.each([
    ['min: 7 is more than the max of 6', { min: 7 }],
    ['min: 2 is more than the max of 1', { max: 1 }],
    [
      'memory_percent: it does not scale by memory utilization; it scales by memory (AverageValue), cpu',
      { memory_percent: 70 },
    ],
  ])('is refused with "%s"', (message, wish) => {
    const object = anAutoscaler();
    expect(() => withAutoscaling(object, toAutoscaler(object), wish)).toThrow(message);
  });

  it('starts or ends pods at once to be within its bounds, unless there are none', () => {
    expect(forced(toAutoscaler(anAutoscaler()), { min: 6 })).toEqual({ added: 2, removed: 0 });
    expect(forced(toAutoscaler(anAutoscaler()), { max: 3 })).toEqual({ added: 0, removed: 1 });
    expect(forced(toAutoscaler(anAutoscaler()), { max: 9 })).toEqual({ added: 0, removed: 0 });
    expect(forced(toAutoscaler(anAutoscaler([cpu], 0)), { min: 3 })).toEqual({ added: 0, removed: 0 });
  });
});
