import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { summariseNamespaces, summariseNodes } from './cluster-summary.ts';

const aNode = (name: string, conditions: object[], spec: object = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    spec,
    status: { conditions, nodeInfo: { kubeletVersion: 'v1.34.1' } },
  }) as KubeObject;
const aNamespace = (name: string, phase: string) =>
  ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase } }) as KubeObject;
const ready = { type: 'Ready', status: 'True' };

describe('a cluster in short', () => {
  it('counts the sound nodes and names the others with what is the matter', () => {
    const summary = summariseNodes([
      aNode('a', [ready, { type: 'DiskPressure', status: 'False' }]),
      aNode('b', [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }]),
      aNode('c', [ready, { type: 'MemoryPressure', status: 'True' }], { unschedulable: true }),
    ]);
    expect(summary).toEqual({
      total: 3,
      ready: 2,
      lines: [
        'Nodes: 3, 2 ready; kubelet v1.34.1',
        '  b: not ready (NodeStatusUnknown)',
        '  c: MemoryPressure, takes no new pods',
      ],
    });
  });

  it('stays short whatever the cluster is', () => {
    const many = Array.from({ length: 500 }, (_, n) => aNamespace(`ns-${n}`, n === 0 ? 'Terminating' : 'Active'));
    const [head, names] = summariseNamespaces(many);
    expect(head).toBe('Namespaces: 500');
    expect(names).toMatch(/^ {2}ns-0 \(terminating\), ns-1, .*, and 460 more$/);
  });
});
