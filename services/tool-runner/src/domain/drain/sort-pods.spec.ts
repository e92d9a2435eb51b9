import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { sortPods } from './sort-pods.ts';

type Scene = {
  readonly metadata?: object;
  readonly owner?: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly emptyDir?: boolean;
  readonly phase?: string;
};

function aPod(name: string, { metadata, owner, emptyDir, phase = 'Running' }: Scene = {}): KubeObject {
  const ownerReferences = owner ? [{ apiVersion: 'apps/v1', controller: true, ...owner }] : [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name, ownerReferences, ...metadata },
    spec: { volumes: emptyDir ? [{ name: 'cache', emptyDir: {} }] : [{ name: 'settings', configMap: {} }] },
    status: { phase },
  };
}

const replicaSet = { kind: 'ReplicaSet', name: 'web-1', uid: 'rs' };
const daemonSet = { kind: 'DaemonSet', name: 'agent', uid: 'ds' };
const none = { unmanaged: false, scratch: false };
const sort = (pod: KubeObject, consent = none) => sortPods([pod], { consent, daemonSets: new Set(['ds']) });

describe('the pods of a node that is to be drained', () => {
  it('leave where somebody makes them anew', () => {
    expect(sort(aPod('a', { owner: replicaSet })).leaving).toMatchObject([{ maker: 'ReplicaSet web-1', scratch: [] }]);
  });

  it.each<[string, KubeObject, string]>([
    ['its DaemonSet would put it back', aPod('a', { owner: daemonSet }), 'DaemonSet agent'],
    [
      'the kubelet runs it',
      aPod('a', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }),
      'kubelet',
    ],
    ['it is ending', aPod('a', { metadata: { deletionTimestamp: '2026-11-24T10:00:00Z' } }), 'ending already'],
  ])('stay where %s', (_why, pod, told) => {
    expect(sort(pod)).toMatchObject({ leaving: [], inTheWay: [], staying: [{ why: expect.stringContaining(told) }] });
  });

  it.each<[string, Scene, Partial<typeof none>]>([
    ['nobody makes it anew', {}, { unmanaged: true }],
    ['its DaemonSet is gone', { owner: { ...daemonSet, uid: 'other' } }, { unmanaged: true }],
    ['its emptyDir is lost', { owner: replicaSet, emptyDir: true }, { scratch: true }],
    ['both', { emptyDir: true }, { unmanaged: true, scratch: true }],
  ])('are in the way where %s, until a person agrees to that', (_why, scene, consent) => {
    expect(sort(aPod('a', scene))).toMatchObject({ leaving: [], inTheWay: [{ path: 'shop/a' }] });
    expect(sort(aPod('a', scene), { ...none, ...consent })).toMatchObject({ leaving: [{}], inTheWay: [] });
  });

  it('are in the way for each cost that nobody agreed to', () => {
    const { inTheWay } = sort(aPod('a', { emptyDir: true }), { ...none, unmanaged: true });
    expect(inTheWay).toEqual([{ path: 'shop/a', why: expect.not.stringContaining('evict_unmanaged') }]);
  });

  it('leave without asking once they have ended', () => {
    expect(sort(aPod('a', { emptyDir: true, phase: 'Succeeded' })).leaving).toHaveLength(1);
    expect(sort(aPod('a', { owner: daemonSet, phase: 'Failed' })).leaving).toHaveLength(1);
  });
});
