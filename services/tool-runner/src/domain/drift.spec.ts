import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { contextOf, markOf } from './drift.ts';

type Parts = { readonly metadata?: object; readonly [field: string]: unknown };

function anObject({ metadata, ...rest }: Parts = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid: 'u1', labels: { app: 'web' }, ...metadata },
    spec: { replicas: 2, template: { metadata: { annotations: { 'skyflo.ai/x': '1' } } } },
    ...rest,
  } as KubeObject;
}

const approved = contextOf(anObject());

describe('what voids an approval', () => {
  it.each<[string, Parts]>([
    ['its status', { status: { readyReplicas: 1 } }],
    ['what the server counts', { metadata: { resourceVersion: '9', generation: 3, managedFields: [{}] } }],
    [
      'the revision that the controller notes',
      { metadata: { annotations: { 'deployment.kubernetes.io/revision': '2' } } },
    ],
    ['the mark of an earlier grant', { metadata: { annotations: { 'skyflo.ai/grant': 'g0' } } }],
    ['an empty map where there was none', { metadata: { annotations: {} } }],
  ])('is not %s', (_what, parts) => {
    expect(contextOf(anObject(parts))).toBe(approved);
  });

  it.each<[string, Parts]>([
    ['a field of its spec', { spec: { replicas: 3 } }],
    ['a label', { metadata: { labels: { app: 'web', tier: 'gold' } } }],
    [
      'an annotation of somebody else',
      { metadata: { annotations: { 'deployment.kubernetes.io.example/revision': '2' } } },
    ],
    ['an owner', { metadata: { ownerReferences: [{ kind: 'App', name: 'a' }] } }],
    ['another object of the same name', { metadata: { uid: 'u2' } }],
    ['the beginning of its deletion', { metadata: { deletionTimestamp: '2026-11-24T10:00:00Z' } }],
    [
      'our own annotation deeper inside, where it is the workload',
      { spec: { replicas: 2, template: { metadata: { annotations: { 'skyflo.ai/x': '2' } } } } },
    ],
  ])('is %s', (_what, parts) => {
    expect(contextOf(anObject(parts))).not.toBe(approved);
  });

  it('does not depend on the order of fields', () => {
    const { spec, metadata, ...rest } = anObject();
    expect(contextOf({ spec, ...rest, metadata } as KubeObject)).toBe(approved);
  });
});

describe('the mark of a grant', () => {
  it('is read from its annotation, or is not there', () => {
    expect(markOf(anObject({ metadata: { annotations: { 'skyflo.ai/grant': 'g1' } } }))).toBe('g1');
    expect(markOf(anObject())).toBeNull();
  });
});
