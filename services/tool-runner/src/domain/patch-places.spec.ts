import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { assertPlaces, type Map, type Operation } from './patch-places.ts';

const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } } as KubeObject;
const op = (path: string, more: object = {}): Operation[] => [{ op: 'replace', path, value: 'x', ...more }];

describe('a patch', () => {
  it.each<[string, Map | Operation[]]>([
    ['who it is', { metadata: { name: 'other' } }],
    ['its uid', { metadata: { uid: 'x' } }],
    ['its namespace', op('/metadata/namespace')],
    ['its owner', { metadata: { ownerReferences: [] } }],
    ['one owner', op('/metadata/ownerReferences/0')],
    ['its field managers', op('/metadata/managedFields')],
    ['its version', { metadata: { resourceVersion: '1' } }],
    ['metadata as a whole', op('/metadata')],
    ['metadata by a directive', { metadata: { $patch: 'replace' } }],
    ['metadata that is none', { metadata: null }],
    ['all labels', { metadata: { labels: null } }],
    ['all annotations', op('/metadata/annotations')],
    ['below an annotation', op('/metadata/annotations/team/x')],
    ['our grant', { metadata: { annotations: { 'skyflo.ai/grant': null } } }],
    ['our grant by its path', op('/metadata/annotations/skyflo.ai~1grant')],
    [
      'our grant by moving it',
      op('/metadata/labels/team', { op: 'move', from: '/metadata/annotations/skyflo.ai~1grant' }),
    ],
    ['what kubectl keeps', op('/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration')],
    ['its status', { status: { replicas: 3 } }],
    ['a field of its status', op('/status/replicas')],
    ['the whole object', op('')],
    ['the whole object by an empty key', op('/')],
    ['the whole object by a directive', { $patch: 'delete' }],
    ['its kind', { kind: 'StatefulSet' }],
    ['its kind by a path', op('/kind')],
    ['a path that is none', op('spec/replicas')],
    ['by moving its status', op('/spec/replicas', { op: 'move', from: '/status/replicas' })],
  ])('does not change %s', (_what, patch) => {
    expect(() => assertPlaces(patch, object)).toThrow(/patch/);
  });

  it.each<[string, Map | Operation[]]>([
    ['spec', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 3 } }],
    ['data', { data: { key: null } }],
    ['single labels', { metadata: { labels: { team: 'pay' } } }],
    ['single annotations', op('/metadata/annotations/example.org~1team')],
    ['finalizers', { metadata: { finalizers: null } }],
    ['one finalizer', op('/metadata/finalizers/0', { op: 'remove' })],
    ['one finalizer by a directive', { metadata: { '$deleteFromPrimitiveList/finalizers': ['x/y'] } }],
    ['lists by a directive', { spec: { template: { spec: { containers: [{ $patch: 'delete', name: 'web' }] } } } }],
    ['what it tests', op('/status/replicas', { op: 'test' })],
    ['what it copies', op('/spec/replicas', { op: 'copy', from: '/status/replicas' })],
  ])('may change %s', (_what, patch) => {
    expect(() => assertPlaces(patch, object)).not.toThrow();
  });
});
