import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { cpuText, memoryText, toNumber } from './quantity.ts';
import { nodeUsages, podUsages, usageTable } from './usage.ts';

const aPod = (name: string, ...containers: readonly (readonly [string, string, string])[]) =>
  ({
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name, namespace: 'shop' },
    containers: containers.map(([container, cpu, memory]) => ({ name: container, usage: { cpu, memory } })),
  }) as unknown as KubeObject;

describe('a quantity', () => {
  it.each([
    ['250m', 0.25],
    ['2', 2],
    ['1.5', 1.5],
    ['156340n', 0.00015634],
    ['1Ki', 1024],
    ['1.5Gi', 1610612736],
    ['100M', 100_000_000],
    ['12e3', 12_000],
    ['1E', 1e18],
  ])('%s is a number', (text, number) => {
    expect(toNumber(text)).toBeCloseTo(number, 12);
  });

  it.each(['', 'x', '1 Gi', '1mi', '--1', '1KiB'])('%j is none', (text) => {
    expect(toNumber(text)).toBeUndefined();
  });

  it('is shown as kubectl top does', () => {
    expect([cpuText(0.2501), cpuText(1.5), memoryText(134217728)]).toEqual(['251m', '1500m', '128Mi']);
  });
});

describe('usage', () => {
  const pods = [aPod('a', ['x', '10m', '10Mi'], ['y', '5m', '90Mi']), aPod('b', ['x', '100m', '20Mi'])];
  const header = ['name'];

  it('of pods is that of their containers together, the greediest first', () => {
    const usages = podUsages(pods, { withNamespace: false, perContainer: false });
    expect(usageTable(usages, { header, by: 'cpu', limit: 10 })).toBe(
      'NAME  CPU   MEMORY\nb     100m  20Mi\na     15m   100Mi\nAll 2: 115m CPU, 120Mi memory.',
    );
    expect(usageTable(usages, { header, by: 'memory', limit: 1 })).toBe(
      'NAME  CPU  MEMORY\na     15m  100Mi\nAll 2: 115m CPU, 120Mi memory, 1 more are not shown.',
    );
  });

  it('is told per container, and by namespace, where it is wanted', () => {
    const usages = podUsages(pods, { withNamespace: true, perContainer: true });
    expect(usages.map(({ cells }) => cells.join(' '))).toEqual(['shop a x', 'shop a y', 'shop b x']);
  });

  it('of nodes is told against what pods can have of them', () => {
    const metrics = [
      { apiVersion: 'v1', kind: 'NodeMetrics', metadata: { name: 'n' }, usage: { cpu: '1', memory: '1Gi' } },
    ];
    const nodes = [
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, status: { allocatable: { cpu: '4', memory: '4Gi' } } },
    ];
    const usages = nodeUsages(metrics as unknown as KubeObject[], nodes as unknown as KubeObject[]);
    expect(usageTable(usages, { header, by: 'cpu', limit: 10 })).toMatch(
      /^NAME  CPU    %    MEMORY  %\nn     1000m  25%  1024Mi  25%\n/,
    );
  });
});
