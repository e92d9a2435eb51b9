import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { patchOf, withMark } from './patch.ts';

const live: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'u1', generation: 4, annotations: { team: 'shop' } },
  spec: { replicas: 2, template: { metadata: { labels: { app: 'web' } } } },
};
const scale = { path: '/spec/replicas', from: 2, to: 3 };

describe('the patch of an approved change list', () => {
  it('tests what it was approved for, then makes the changes and leaves its mark', () => {
    expect(patchOf(live, withMark(live, [scale], 'g1'))).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u1' },
      { op: 'test', path: '/metadata/generation', value: 4 },
      { op: 'test', path: '/spec/replicas', value: 2 },
      { op: 'test', path: '/metadata/annotations/skyflo.ai~1grant', value: null },
      { op: 'replace', path: '/spec/replicas', value: 3 },
      { op: 'add', path: '/metadata/annotations/skyflo.ai~1grant', value: 'g1' },
    ]);
  });

  it('tests for and replaces the mark of an earlier grant', () => {
    const marked = { ...live, metadata: { ...live.metadata, annotations: { 'skyflo.ai/grant': 'g0' } } };
    const patch = patchOf(marked, withMark(marked, [], 'g1'));
    expect(patch).toContainEqual({ op: 'test', path: '/metadata/annotations/skyflo.ai~1grant', value: 'g0' });
    expect(patch.at(-1)).toEqual({ op: 'replace', path: '/metadata/annotations/skyflo.ai~1grant', value: 'g1' });
  });

  it('makes maps that are missing, once, and tests that they were', () => {
    const changes = ['a', 'b'].map((key) => ({
      path: `/spec/template/metadata/annotations/${key}`,
      from: null,
      to: key,
    }));
    expect(patchOf(live, changes).slice(2)).toEqual([
      { op: 'test', path: '/spec/template/metadata/annotations', value: null },
      { op: 'add', path: '/spec/template/metadata/annotations', value: {} },
      { op: 'add', path: '/spec/template/metadata/annotations/a', value: 'a' },
      { op: 'add', path: '/spec/template/metadata/annotations/b', value: 'b' },
    ]);
  });

  it('tests no generation on a kind that has none, and removes what is to be gone', () => {
    const config: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', uid: 'u2' },
      data: { a: '1' },
    };
    expect(patchOf(config, [{ path: '/data/a', from: '1', to: null }])).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u2' },
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'remove', path: '/data/a' },
    ]);
  });
});
