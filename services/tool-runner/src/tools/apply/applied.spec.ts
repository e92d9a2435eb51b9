import { describe, expect, it } from '@jest/globals';
import type { KubeObject, ResourceType } from '@skyflo/kube';
import { applyBody, bound } from '../../domain/apply-body.ts';
import { assertMayBeApplied, toApplied } from './applied.ts';
import { withoutAssigned } from '../../domain/assigned.ts';
import { parseManifest, type Wanted } from '../../domain/manifest.ts';

const configMaps: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
  singular: 'configmap',
  shortNames: [],
  verbs: [],
  subresources: [],
};
const wanted = (metadata: object, more: object = {}): Wanted => {
  const [object] = parseManifest(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, ...more }));
  if (!object) throw new Error('there is one');
  return object;
};

describe('what is applied', () => {
  it('is what was wanted, without what only the server and its controllers write', () => {
    const annotations = {
      note: 'x',
      'skyflo.ai/grant': 'old',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
    };
    const server = { uid: 'u', resourceVersion: '7', generation: 2, managedFields: [], creationTimestamp: null };
    const copied = wanted(
      { name: 'a', labels: { app: 'a' }, annotations, ...server },
      { data: { k: 'v' }, status: {} },
    );
    expect(toApplied(copied, configMaps, 'shop')).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      data: { k: 'v' },
      metadata: { name: 'a', namespace: 'shop', labels: { app: 'a' }, annotations: { note: 'x' } },
    });
  });

  it('is in the namespace that is said, once', () => {
    expect(toApplied(wanted({ name: 'a', namespace: 'shop' }), configMaps, undefined).metadata.namespace).toBe('shop');
    expect(() => toApplied(wanted({ name: 'a' }), configMaps, undefined)).toThrow('name it');
    expect(() => toApplied(wanted({ name: 'a', namespace: 'x' }), configMaps, 'shop')).toThrow('not in "shop"');
    const nodes = { ...configMaps, namespaced: false };
    expect(toApplied(wanted({ name: 'a', namespace: 'x' }), nodes, 'shop').metadata).not.toHaveProperty('namespace');
  });

  it('is never what rules the cluster, or us', () => {
    const of =
      (group: string, kind: string, metadata: { name: string; namespace?: string }, more: object = {}) =>
      () =>
        assertMayBeApplied({ ...configMaps, group, kind }, { apiVersion: 'v1', kind, metadata, ...more });
    expect(of('rbac.authorization.k8s.io', 'Role', { name: 'r' })).toThrow('decides what somebody may do');
    expect(of('skyflo.ai', 'OpenGrants', { name: 'open' })).toThrow('rules what is let through');
    expect(of('', 'Namespace', { name: 'skyflo' })).toThrow('the cluster depends on it');
    expect(of('', 'Secret', { name: 's', namespace: 'shop' }, { data: { k: 'djE=' } })).toThrow('in this conversation');
    expect(of('', 'Secret', { name: 's', namespace: 'shop' })).not.toThrow();
    expect(of('apps', 'Deployment', { name: 'd', namespace: 'shop' })).not.toThrow();
  });
});

describe('the bytes of an apply', () => {
  const manifest = toApplied(wanted({ name: 'a', annotations: { note: 'x' } }), configMaps, 'shop');
  const request = (body: string) =>
    ({ verb: 'apply', target: { ...configMaps, name: 'a' }, body, options: {} }) as const;

  it('make an object or nothing where there is none, and are sent as they were planned', () => {
    const body = applyBody({ live: undefined, manifest }, 'g1');
    expect(JSON.parse(body)).toMatchObject({
      metadata: { resourceVersion: '1', annotations: { note: 'x', 'skyflo.ai/grant': 'g1' } },
    });
    const ahead = { uid: '', resourceVersion: '', previousMark: null, bytesSha256: '' };
    expect(bound(request(body), ahead).body).toBe(body);
  });

  it('name the object by uid, and are bound to the resourceVersion of the last look', () => {
    const live = { ...manifest, metadata: { ...manifest.metadata, uid: 'u1', resourceVersion: '5' } };
    const body = applyBody({ live, manifest }, 'g1');
    expect(JSON.parse(body)).not.toHaveProperty('metadata.resourceVersion');
    const ahead = { uid: 'u1', resourceVersion: '9', previousMark: null, bytesSha256: '' };
    expect(JSON.parse(bound(request(body), ahead).body)).toMatchObject({
      metadata: { uid: 'u1', resourceVersion: '9' },
    });
  });
});

describe('what the server chooses anew at each try', () => {
  const service = (spec: object): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec }) as KubeObject;
  const tried = service({ clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'], ports: [{ port: 80, nodePort: 30_001 }] });

  it('is left out where nobody said what it should be, and kept where somebody did', () => {
    expect(withoutAssigned(tried, [undefined, service({ ports: [{ port: 80 }] })])['spec']).toEqual({
      ports: [{ port: 80 }],
    });
    const said = service({ clusterIP: '10.0.0.7', ports: [{ port: 80, nodePort: 30_001 }] });
    expect(withoutAssigned(tried, [undefined, said])['spec']).toMatchObject({
      clusterIP: '10.0.0.7',
      ports: [{ nodePort: 30_001 }],
    });
    expect(withoutAssigned(tried, [tried, service({})])).toEqual(tried);
  });

  it('are also the names of token volumes of a Pod', () => {
    const volume = { name: 'kube-api-access-x7k2p' };
    const pod = (mounts: object[], volumes: object[]): KubeObject =>
      ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p' },
        spec: { containers: [{ volumeMounts: mounts }], volumes },
      }) as KubeObject;
    const own = { name: 'data' };
    expect(withoutAssigned(pod([own, volume], [own, volume]), [undefined, pod([own], [own])])).toEqual(
      pod([own], [own]),
    );
  });
});
