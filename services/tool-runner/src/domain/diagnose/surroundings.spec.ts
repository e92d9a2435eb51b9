import { describe, expect, it } from '@jest/globals';
import {
  aDeployment,
  aReplicaSet,
  aService,
  aSnapshot,
  aWarning,
  namespace,
  ready,
  unready,
  unscheduled,
} from '../../../test/a-snapshot.ts';
import { blockedAutoscalers } from './autoscalers.ts';
import { pendingClaims } from './claims.ts';
import { ingressesWithoutBackend } from './ingresses.ts';
import { troubledNodes } from './nodes.ts';
import { fullQuotas, refusedCreations } from './refusals.ts';
import { failedJobs, stuckRollouts } from './rollouts.ts';
import { servicesWithoutEndpoints } from './services.ts';

const withPort = { containers: [{ name: 'web', ports: [{ name: 'http', containerPort: 8080 }] }] };

describe('a Service', () => {
  const look = (selector: object, ports?: readonly object[], pods = [ready]) =>
    servicesWithoutEndpoints(
      aSnapshot({ ...aDeployment('reviews', pods, withPort), services: [aService('reviews', selector, ports)] }),
    );

  it('whose selector fits no pod is shown the workload that was meant', () => {
    expect(look({ app: 'review' })).toMatchObject([
      {
        severity: 'critical',
        object: { kind: 'Service', name: 'reviews' },
        why: 'It has no endpoints: it selects app=review, and no pod has that; the pods of Deployment reviews have app=reviews.',
        next: { tool: 'k8s_describe', args: { kind: 'Service', name: 'reviews', namespace } },
      },
    ]);
  });

  it('of pods that are not ready is explained by them', () => {
    expect(look({ app: 'reviews' }, [{ port: 80, targetPort: 8080 }], [unready])).toMatchObject([
      { why: 'None of its 1 pods is ready, so nothing answers.', because: ['Deployment/shop/reviews'] },
    ]);
  });

  it('of a workload that was scaled to none is a warning', () => {
    expect(look({ app: 'reviews' }, [{ port: 80 }], [])).toMatchObject([
      { severity: 'warning', why: 'Deployment reviews is scaled to 0, so nothing answers.' },
    ]);
  });

  it('must lead to a port that its pods have', () => {
    expect(look({ app: 'reviews' }, [{ port: 80, targetPort: 'http' }])).toEqual([]);
    expect(look({ app: 'reviews' }, [{ port: 80, targetPort: 8080 }])).toEqual([]);
    expect(look({ app: 'reviews' }, [{ port: 80, targetPort: 'web' }])).toMatchObject([
      {
        severity: 'critical',
        kind: 'ServicePortMismatch',
        why: 'Port 80 leads to web, which no container of its pods has; they have 8080 (http).',
      },
    ]);
    expect(look({ app: 'reviews' }, [{ port: 80, targetPort: 9090 }])).toMatchObject([{ severity: 'warning' }]);
  });

  it('without a selector, of another name, or of pods that were not all read is left alone', () => {
    expect(look({})).toEqual([]);
    const external = { metadata: { name: 'x', namespace }, spec: { type: 'ExternalName', selector: { a: 'b' } } };
    expect(servicesWithoutEndpoints(aSnapshot({ services: [external] }))).toEqual([]);
    const some = aSnapshot({ services: [aService('x', { a: 'b' })], partial: ['pods'] });
    expect(servicesWithoutEndpoints(some)).toEqual([]);
  });
});

describe('an Ingress', () => {
  const look = (service: object, more: object = {}) => {
    const rules = [{ host: 'shop.example', http: { paths: [{ path: '/', backend: { service } }] } }];
    return ingressesWithoutBackend(
      aSnapshot({
        services: [aService('web', { app: 'web' }, [{ name: 'http', port: 80 }])],
        ingresses: [{ metadata: { name: 'shop', namespace }, spec: { rules } }],
        ...more,
      }),
    );
  };

  it('that leads to no Service, or to a port it does not have, says which', () => {
    expect(look({ name: 'wbe', port: { number: 80 } })).toMatchObject([
      {
        why: 'shop.example/ leads to Service wbe, and there is no Service of that name.',
        next: { args: { kind: 'Service' } },
      },
    ]);
    expect(look({ name: 'web', port: { name: 'grpc' } })).toMatchObject([
      { why: 'shop.example/ leads to port grpc of Service web, which has 80 (http).' },
    ]);
  });

  it('that fits is only told where its Service is in trouble', () => {
    expect(look({ name: 'web', port: { number: 80 } })).toMatchObject([{ onlyIfExplained: true }]);
    expect(look({ name: 'web', port: { number: 80 } }, { partial: ['services'] })).toEqual([]);
  });
});

describe('a claim', () => {
  const claim = (spec: object) => ({ metadata: { name: 'data', namespace }, spec, status: { phase: 'Pending' } });
  const storageClasses = [
    { metadata: { name: 'standard' }, volumeBindingMode: 'Immediate' },
    { metadata: { name: 'local' }, volumeBindingMode: 'WaitForFirstConsumer' },
  ];
  const look = (spec: object, more: object = {}) =>
    pendingClaims(aSnapshot({ claims: [claim(spec)], storageClasses, ...more }));

  it('waits for ever where its StorageClass does not exist or nobody named one', () => {
    expect(look({ storageClassName: 'fast' })).toMatchObject([
      { why: 'There is no StorageClass fast (there is: standard, local), so it gets no volume.' },
    ]);
    expect(look({})).toMatchObject([{ why: expect.stringContaining('no default one') }]);
  });

  it('is told with the event of its provisioner, and left alone while it waits for a pod', () => {
    const warnings = [aWarning('PersistentVolumeClaim', 'data', 'ProvisioningFailed', 'quota of disks exceeded')];
    expect(look({ storageClassName: 'standard' }, { warnings })).toMatchObject([
      { why: 'ProvisioningFailed: it gets no volume.', said: ['quota of disks exceeded'] },
    ]);
    expect(look({ storageClassName: 'local' })).toEqual([]);
  });

  it('that pods name and nobody made is missing', () => {
    const volumes = [{ persistentVolumeClaim: { claimName: 'gone' } }];
    const objects = aDeployment('db', [unscheduled('persistentvolumeclaim "gone" not found')], { volumes });
    expect(pendingClaims(aSnapshot(objects))).toMatchObject([
      {
        kind: 'ClaimMissing',
        object: { name: 'gone' },
        why: 'The pods of Deployment db name this claim, and it does not exist.',
      },
    ]);
    expect(pendingClaims(aSnapshot({ ...objects, partial: ['claims'] }))).toEqual([]);
  });
});

describe('pods that the API server refuses', () => {
  const refused = (message: string, replicas = 2) =>
    refusedCreations(
      aSnapshot({
        replicaSets: [
          aReplicaSet('web-1', 'web', {
            spec: { replicas },
            status: { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }] },
          }),
        ],
      }),
    );

  it('are told with the quota that is used up', () => {
    expect(
      refused('pods "web-1-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2'),
    ).toMatchObject([
      {
        severity: 'critical',
        object: { kind: 'Deployment', name: 'web' },
        why: 'ResourceQuota small is used up, so 0 of 2 pods exist.',
        said: ['pods are forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2'],
        next: { args: { kind: 'ResourceQuota', name: 'small' } },
      },
    ]);
  });

  it('are told with the limits that they break, and not where no pod is wanted any more', () => {
    const limits = 'pods "web-1-x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi';
    expect(refused(limits)).toMatchObject([{ next: { tool: 'k8s_get', args: { kind: 'LimitRange', namespace } } }]);
    expect(refused(limits, 0)).toEqual([]);
    expect(refused('failed quota: small: must specify limits.memory for: web')).toMatchObject([
      { why: 'ResourceQuota small takes only pods that name their requests and limits, so 0 of 2 pods exist.' },
    ]);
  });

  it('are foreseen where a quota is used up', () => {
    const quota = {
      metadata: { name: 'small', namespace },
      status: { hard: { pods: '2', 'limits.cpu': '4' }, used: { pods: '2', 'limits.cpu': '1' } },
    };
    expect(fullQuotas(aSnapshot({ quotas: [quota] }))).toMatchObject([{ severity: 'info', said: ['pods: 2 of 2'] }]);
  });
});

describe('controllers', () => {
  it('whose rollout passed its deadline are told, unless they were scaled to none', () => {
    const status = {
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }],
    };
    const look = (pods: readonly object[]) => stuckRollouts(aSnapshot(aDeployment('web', pods, {}, { status })));
    expect(look([unready])).toMatchObject([
      { why: 'Its rollout has passed its deadline with 0 of 1 pods ready.', because: ['Deployment/shop/web'] },
    ]);
    expect(look([])).toEqual([]);
  });

  it('of Jobs count only the newest run of a CronJob', () => {
    const job = (name: string, creationTimestamp: string, type: string) => ({
      kind: 'Job',
      metadata: {
        name,
        namespace,
        creationTimestamp,
        ownerReferences: [{ kind: 'CronJob', name: 'backup', controller: true }],
      },
      status: {
        failed: 1,
        conditions: [{ type, status: 'True', reason: 'BackoffLimitExceeded', message: 'too often' }],
      },
    });
    const old = job('backup-1', '2026-11-24T01:00:00Z', 'Failed');
    expect(failedJobs(aSnapshot({ workloads: [old] }))).toMatchObject([
      {
        why: 'It gave up after 1 failed pod (BackoffLimitExceeded).',
        next: { tool: 'k8s_logs', args: { kind: 'Job', name: 'backup-1' } },
      },
    ]);
    expect(failedJobs(aSnapshot({ workloads: [old, job('backup-2', '2026-11-24T02:00:00Z', 'Complete')] }))).toEqual(
      [],
    );
  });

  it('that scale are told where they cannot, or may not go on', () => {
    const look = (condition: object) =>
      blockedAutoscalers(
        aSnapshot({
          autoscalers: [
            {
              metadata: { name: 'web', namespace },
              spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 5 },
              status: { conditions: [condition] },
            },
          ],
        }),
      );
    expect(
      look({ type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics' }),
    ).toMatchObject([
      { severity: 'warning', why: 'It cannot scale Deployment web: FailedGetResourceMetric.', said: ['no metrics'] },
    ]);
    expect(look({ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale' })).toMatchObject([
      { why: expect.stringContaining('does not exist') },
    ]);
    expect(look({ type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas' })).toMatchObject([
      { severity: 'info' },
    ]);
    expect(look({ type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled' })).toEqual([]);
  });

  it('find nodes in trouble only where pods of theirs are on them', () => {
    const node = (name: string) => ({
      metadata: { name },
      status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }] },
    });
    const snapshot = aSnapshot({ ...aDeployment('web', [unready]), nodes: [node('node-a'), node('node-b')] });
    expect(troubledNodes(snapshot)).toMatchObject([
      {
        object: { kind: 'Node', name: 'node-a' },
        why: 'It is not ready (NodeStatusUnknown), and 1 of these pods are on it.',
      },
    ]);
  });
});
