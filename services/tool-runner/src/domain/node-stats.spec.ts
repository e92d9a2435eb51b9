import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';
import { nodeStats } from './node-stats.ts';

const node = (over: JsonObject = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  spec: { unschedulable: true, taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] },
  status: {
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'MemoryPressure', status: 'False', message: 'enough' },
    ],
    ...over,
  },
});
const pod = (name: string, spec: JsonObject, phase = 'Running'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec,
  status: { phase },
});
const asks = (cpu: string, memory: string, limits: JsonObject = {}) => ({
  name: 'main',
  resources: { requests: { cpu, memory }, limits },
});

describe('the figures of a node', () => {
  it('say how much of it is asked for, may be used and is used', () => {
    const pods = [
      pod('web', { containers: [asks('500m', '1Gi', { memory: '2Gi' }), asks('500m', '1Gi')] }),
      pod('done', { containers: [asks('3', '4Gi')] }, 'Succeeded'),
    ];
    const { text, facts } = nodeStats('Node a', node(), { pods, used: { cpu: 0.4, memory: 2 ** 30 } });
    expect(facts).toEqual({ ready: true, cordoned: true, pods: 1 });
    expect(text).toContain('Node a is ready, and cordoned.');
    expect(text).toMatch(/cpu +4000m +1000m \(25%\) +0m \(0%\) +400m \(10%\)/);
    expect(text).toMatch(/memory +8192Mi +2048Mi \(25%\) +2048Mi \(25%\) +1024Mi \(13%\)/);
    expect(text).toMatch(/shop +web +1000m +none +2048Mi +2048Mi/);
    expect(text).toContain('Taints: gpu=yes:NoSchedule.');
    expect(text).not.toContain('MemoryPressure');
  });

  it('count as the scheduler does: sidecars beside, other init containers before the containers', () => {
    const spec = {
      containers: [asks('100m', '64Mi')],
      initContainers: [{ ...asks('200m', '64Mi'), restartPolicy: 'Always' }, asks('2', '16Mi')],
      overhead: { cpu: '50m', memory: '0' },
    };
    const { text } = nodeStats('Node a', node(), { pods: [pod('web', spec)], used: undefined });
    expect(text).toMatch(/cpu +4000m +2050m \(51%\) +0m \(0%\) +unknown/);
    expect(text).toMatch(/memory +8192Mi +128Mi/);
  });

  it('name what is wrong with it', () => {
    const conditions = [
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      },
      { type: 'DiskPressure', status: 'True', reason: 'KubeletHasDiskPressure' },
    ];
    const { text } = nodeStats('Node a', node({ conditions }), { pods: [], used: undefined });
    expect(text).toContain('Node a is not ready, and cordoned.\nReady: NodeStatusUnknown, Kubelet stopped posting');
    expect(text).toContain('DiskPressure: KubeletHasDiskPressure');
    expect(text).toContain('No pod runs on it.');
  });
});
