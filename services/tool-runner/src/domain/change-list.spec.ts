import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { beyond, changeList, sameChanges } from './change-list.ts';
import { contextOf } from './drift.ts';

function aDeployment(over: { spec?: object; meta?: object; status?: object } = {}): KubeObject {
  const metadata = { name: 'web', uid: 'u', resourceVersion: '1', generation: 1, ...over.meta };
  const spec = { replicas: 2, template: { spec: { containers: [{ name: 'a', image: 'x:1' }] } }, ...over.spec };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec, status: { ...over.status } } as KubeObject;
}

describe('what differs between two states of an object', () => {
  it('is listed leaf by leaf', () => {
    const template = { spec: { containers: [{ name: 'a', image: 'x:2', command: ['sh'] }] } };
    expect(changeList(aDeployment(), aDeployment({ spec: { replicas: 3, template } }))).toEqual([
      { path: '/spec/replicas', from: 2, to: 3 },
      { path: '/spec/template/spec/containers/0/command', from: null, to: ['sh'] },
      { path: '/spec/template/spec/containers/0/image', from: 'x:1', to: 'x:2' },
    ]);
  });

  it('leaves out what the server and its controllers keep for themselves', () => {
    const annotations = { 'deployment.kubernetes.io/revision': '2', 'skyflo.ai/grant': 'g' };
    const later = aDeployment({ meta: { resourceVersion: '9', generation: 2, annotations }, status: { replicas: 2 } });
    expect(changeList(aDeployment(), later)).toEqual([]);
    expect(contextOf(later)).toBe(contextOf(aDeployment()));
  });

  it('does not overlook an annotation of somebody else', () => {
    const later = aDeployment({ meta: { annotations: { team: 'shop' } } });
    expect(changeList(aDeployment(), later)).toEqual([{ path: '/metadata/annotations/team', from: null, to: 'shop' }]);
    expect(contextOf(later)).not.toBe(contextOf(aDeployment()));
  });

  it('takes a list whole that grows, shrinks or goes, because places in it mean something else afterwards', () => {
    const taint = (key: string) => ({ key, effect: 'NoSchedule' });
    const [none, one, two] = [undefined, [taint('a')], [taint('b'), taint('a')]];
    const between = (from: unknown, to: unknown) =>
      changeList(aDeployment({ spec: { taints: from } }), aDeployment({ spec: { taints: to } }));
    expect(between(one, two)).toEqual([{ path: '/spec/taints', from: one, to: two }]);
    expect(between(two, none)).toEqual([{ path: '/spec/taints', from: two, to: null }]);
    expect(between(none, one)).toEqual([{ path: '/spec/taints', from: null, to: one }]);
    expect(between(none, [])).toEqual([]);
  });

  it('takes a map whole that goes, and in lists tells an empty one from none', () => {
    const volumes = (...of: readonly object[]) => aDeployment({ spec: { volumes: of } });
    const [empty, host] = [volumes({ name: 'v', emptyDir: {} }), volumes({ name: 'v', hostPath: { path: '/a' } })];
    expect(changeList(empty, host)).toEqual([
      { path: '/spec/volumes/0/emptyDir', from: {}, to: null },
      { path: '/spec/volumes/0/hostPath/path', from: null, to: '/a' },
    ]);
    expect(changeList(host, empty)).toEqual([
      { path: '/spec/volumes/0/emptyDir', from: null, to: {} },
      { path: '/spec/volumes/0/hostPath', from: { path: '/a' }, to: null },
    ]);
  });

  it('is compared in any order', () => {
    const [a, b] = [
      { path: '/a', from: 1, to: 2 },
      { path: '/b', from: null, to: { x: 1 } },
    ];
    expect(sameChanges([a, b], [b, a])).toBe(true);
    expect(sameChanges([a], [a, b])).toBe(false);
    expect(beyond([a, b], [a])).toEqual([b]);
  });
});
