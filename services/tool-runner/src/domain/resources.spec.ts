import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { valueAt } from './json-pointer.ts';
import { isLess, resourceChanges, resourceName, withResources } from './resources.ts';

const container = ['spec', 'template', 'spec', 'containers', '0'];
const object = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { template: { spec: { containers: [{ name: 'web', resources: { limits: { memory: '256Mi' } } }] } } },
} as KubeObject;

describe('resources of a container', () => {
  it('are set in the words of the API server and leave the others alone', () => {
    const changes = resourceChanges(object, container, { requests: { cpu: '0.5' }, limits: { cpu: '1000m' } });
    expect(changes).toEqual([
      { side: 'requests', resource: 'cpu', from: null, to: '500m' },
      { side: 'limits', resource: 'cpu', from: null, to: '1' },
    ]);
    const made = withResources(object, container, changes);
    expect(valueAt(made, [...container, 'resources'])).toEqual({
      requests: { cpu: '500m' },
      limits: { memory: '256Mi', cpu: '1' },
    });
  });

  it('take their map along with the last of them, as the server writes it', () => {
    const changes = resourceChanges(object, container, { limits: { memory: null } });
    expect(valueAt(withResources(object, container, changes), [...container, 'resources'])).toEqual({});
  });

  it.each([
    ['limits', 'memory', '128m', 'fraction of a byte'],
    ['requests', 'cpu', '1Gi', 'counts bytes'],
    ['requests', 'memory', 'much', 'no amount'],
    ['requests', 'memory', '-1', 'no amount'],
  ])('%s of %s cannot be %s', (side, resource, amount, why) => {
    expect(() => resourceChanges(object, container, { [side]: { [resource]: amount } })).toThrow(why);
  });

  it.each([
    ['limits', '256Mi', '128Mi', true],
    ['limits', '256Mi', '1Gi', false],
    ['limits', null, '1Gi', true],
    ['limits', '1Gi', null, false],
    ['requests', '1Gi', null, true],
    ['requests', null, '1Gi', false],
  ] as const)('%s from %s to %s are less: %s', (side, from, to, less) => {
    expect(isLess({ side, resource: 'memory', from, to })).toBe(less);
  });

  it('have names that Kubernetes knows', () => {
    for (const name of ['cpu', 'memory', 'ephemeral-storage', 'hugepages-2Mi', 'nvidia.com/gpu'])
      expect(name).toMatch(resourceName);
    for (const name of ['ram', 'CPU', '../cpu', 'cpu ', '', '__proto__']) expect(name).not.toMatch(resourceName);
  });
});
