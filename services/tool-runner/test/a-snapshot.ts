import * as schema from '../src/domain/diagnose/objects.ts';
import { byObject, type Listed, type Snapshot } from '../src/domain/diagnose/snapshot.ts';

export const now = new Date('2026-11-24T12:00:00Z');
export const namespace = 'shop';
const created = '2026-11-24T10:00:00Z';

type Objects = Partial<Record<Listed, readonly object[]>> & { readonly partial?: readonly Listed[] };

/** A snapshot of objects as the API server sends them. */
export function aSnapshot(objects: Objects = {}): Snapshot {
  const read = <Value>(kind: Listed, of: { parse: (value: unknown) => Value }) =>
    (objects[kind] ?? []).map((one) => of.parse(one));
  return {
    now,
    pods: read('pods', schema.Pod),
    workloads: read('workloads', schema.Controller),
    replicaSets: read('replicaSets', schema.Controller),
    services: read('services', schema.Service),
    slices: read('slices', schema.Slice),
    claims: read('claims', schema.Claim),
    storageClasses: read('storageClasses', schema.StorageClass),
    autoscalers: read('autoscalers', schema.Autoscaler),
    ingresses: read('ingresses', schema.Ingress),
    quotas: read('quotas', schema.Quota),
    nodes: read('nodes', schema.Node),
    warnings: byObject(read('warnings', schema.Warning)),
    partial: new Set(objects.partial),
  };
}

const owner = (kind: string, name: string) => ({ apiVersion: 'v1', uid: 'u', kind, name, controller: true });

/** A Deployment with one ReplicaSet and pods of which each has the given status (and spec, where that matters). */
export function aDeployment(name: string, pods: readonly object[], spec: object = {}, more: object = {}) {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: `${name}:1` }], ...spec } };
  const set = `${name}-5c9`;
  return {
    workloads: [
      {
        kind: 'Deployment',
        metadata: { name, namespace, generation: 1 },
        spec: { replicas: pods.length, template },
        ...more,
      },
    ],
    replicaSets: [aReplicaSet(set, name, { spec: { replicas: pods.length, template } })],
    pods: pods.map((status, index) => ({
      metadata: {
        name: `${set}-${index}`,
        namespace,
        labels,
        creationTimestamp: created,
        ownerReferences: [owner('ReplicaSet', set)],
      },
      spec: { restartPolicy: 'Always', nodeName: 'node-a', ...template.spec },
      status,
    })),
  };
}

export function aReplicaSet(name: string, deployment: string, more: object = {}) {
  return {
    kind: 'ReplicaSet',
    metadata: { name, namespace, ownerReferences: [owner('Deployment', deployment)] },
    ...more,
  };
}

export const ready = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [{ name: 'web', ready: true, restartCount: 0, state: { running: { startedAt: created } } }],
};
export const waits = (reason: string, message = '', more: object = {}) => ({
  phase: 'Pending',
  conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
  containerStatuses: [{ name: 'web', ready: false, restartCount: 3, state: { waiting: { reason, message } }, ...more }],
});
export const unready = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
  containerStatuses: [{ name: 'web', ready: false, restartCount: 0, state: { running: { startedAt: created } } }],
};
export const unscheduled = (message: string) => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
});

export function aWarning(
  kind: string,
  name: string,
  reason: string,
  message: string,
  lastTimestamp = '2026-11-24T11:58:00Z',
) {
  return { metadata: { name: `${name}.1` }, involvedObject: { kind, name, namespace }, reason, message, lastTimestamp };
}

export function aService(name: string, selector: object, ports: readonly object[] = [{ port: 80 }]) {
  return { metadata: { name, namespace }, spec: { selector, ports } };
}

/** Several parts of a namespace as one. */
export function together(...parts: readonly Objects[]): Objects {
  const all: Partial<Record<Listed, readonly object[]>> = {};
  for (const { partial: _partial, ...part } of parts)
    for (const [kind, objects] of Object.entries(part) as [Listed, readonly object[]][])
      all[kind] = [...(all[kind] ?? []), ...objects];
  return all;
}
