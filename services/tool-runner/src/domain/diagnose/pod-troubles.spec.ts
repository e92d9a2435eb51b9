import { describe, expect, it } from '@jest/globals';
import {
  aDeployment,
  aReplicaSet,
  aSnapshot,
  aWarning,
  ready,
  together,
  unready,
  unscheduled,
  waits,
} from '../../../test/a-snapshot.ts';
import { crashLoops, failedPods, outOfMemory } from './crashes.ts';
import { imagePulls } from './image-pulls.ts';
import { failingProbes, unreadyPods } from './probes.ts';
import { unschedulable } from './scheduling.ts';
import { blockedStarts, containerConfigs } from './starts.ts';

const ended = (exitCode: number, reason = 'Error', finishedAt = '2026-11-24T11:55:00Z') => ({
  terminated: { exitCode, reason, finishedAt },
});

describe('an image that cannot be pulled', () => {
  const backOff = waits('ImagePullBackOff', 'Back-off pulling image "pay:2-hotfix"');
  const spec = { containers: [{ name: 'web', image: 'pay:2-hotfix' }] };

  it('is one finding for all pods of a Deployment, with what the kubelet said', () => {
    const snapshot = aSnapshot({
      ...aDeployment('pay', [backOff, backOff, backOff], spec),
      warnings: [
        aWarning(
          'Pod',
          'pay-5c9-0',
          'Failed',
          'Failed to pull image "pay:2-hotfix": rpc error: code = NotFound desc = not found',
        ),
      ],
    });
    expect(imagePulls(snapshot)).toMatchObject([
      {
        severity: 'critical',
        object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
        why: 'The image pay:2-hotfix cannot be pulled, so 3 of 3 pods cannot start.',
        said: ['Failed to pull image "pay:2-hotfix": not found'],
        next: { tool: 'k8s_set_image', needs: 'image' },
      },
    ]);
  });

  it('leads back to the image that an earlier revision still runs', () => {
    const old = {
      spec: { template: { spec: { containers: [{ name: 'web', image: 'pay:1' }] } } },
      status: { readyReplicas: 2 },
    };
    const snapshot = aSnapshot(
      together(aDeployment('pay', [backOff, ready], spec), { replicaSets: [aReplicaSet('pay-old', 'pay', old)] }),
    );
    const [found] = imagePulls(snapshot);
    expect(found).toMatchObject({ severity: 'warning', next: { args: { image: 'pay:1', container: 'web' } } });
    expect(found?.why).toContain('1 of 2 pods cannot start. An earlier revision ran pay:1.');
    expect(found?.next).not.toHaveProperty('needs');
  });
});

describe('a container that ends', () => {
  it('again and again is a crash loop whose log is worth hearing', () => {
    const snapshot = aSnapshot(aDeployment('orders', [waits('CrashLoopBackOff', '', { lastState: ended(1) })]));
    expect(crashLoops(snapshot)).toMatchObject([
      {
        severity: 'critical',
        why: 'Container web fails (exit code 1) after every start: its only pod, 3 restarts.',
        next: { tool: 'k8s_logs', args: { kind: 'Pod', name: 'orders-5c9-0', previous: true } },
        log: { namespace: 'shop', pod: 'orders-5c9-0', container: 'web' },
      },
    ]);
  });

  it('between two starts is the same trouble, and one that did its work is none', () => {
    const terminated = { ...unready, containerStatuses: [{ name: 'web', restartCount: 1, state: ended(2) }] };
    expect(crashLoops(aSnapshot(aDeployment('a', [terminated])))).toHaveLength(1);
    expect(crashLoops(aSnapshot(aDeployment('a', [{ ...terminated, phase: 'Succeeded' }])))).toEqual([]);
    expect(crashLoops(aSnapshot(aDeployment('a', [ready])))).toEqual([]);
  });

  it('for lack of memory is not called a crash', () => {
    const spec = { containers: [{ name: 'web', resources: { limits: { memory: '256Mi' } } }] };
    const snapshot = aSnapshot(
      aDeployment('cart', [waits('CrashLoopBackOff', '', { lastState: ended(137, 'OOMKilled') }), ready], spec),
    );
    expect(crashLoops(snapshot)).toEqual([]);
    expect(outOfMemory(snapshot)).toMatchObject([
      {
        severity: 'warning',
        why: 'Container web takes more memory than its limit of 256Mi and is killed: 1 of 2 pods, last 5m ago.',
      },
    ]);
  });

  it('is forgotten an hour after it was killed for memory and runs again', () => {
    const runs = (finishedAt: string) => ({
      ...ready,
      containerStatuses: [
        { ...ready.containerStatuses[0], restartCount: 1, lastState: ended(137, 'OOMKilled', finishedAt) },
      ],
    });
    expect(outOfMemory(aSnapshot(aDeployment('cart', [runs('2026-11-24T11:30:00Z')])))).toMatchObject([
      { severity: 'warning' },
    ]);
    expect(outOfMemory(aSnapshot(aDeployment('cart', [runs('2026-11-24T09:30:00Z')])))).toEqual([]);
  });

  it('by its liveness probe is told as the probe that fails', () => {
    const snapshot = aSnapshot({
      ...aDeployment('api', [waits('CrashLoopBackOff', '', { lastState: ended(137) })]),
      warnings: [
        aWarning('Pod', 'api-5c9-0', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 404'),
      ],
    });
    expect(crashLoops(snapshot)).toEqual([]);
    expect(failingProbes(snapshot)).toMatchObject([
      { why: 'The liveness probe fails; it ends, again and again, its only pod.' },
    ]);
  });

  it('for good, outside of Jobs, is told with its reason', () => {
    const evicted = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' };
    expect(failedPods(aSnapshot(aDeployment('web', [evicted, ready])))).toMatchObject([
      {
        severity: 'warning',
        why: 'Evicted ended 1 of 2 pods for good.',
        said: ['The node was low on resource: memory.'],
      },
    ]);
  });
});

describe('a pod that does not begin', () => {
  it('names the ConfigMap or Secret that is missing', () => {
    const snapshot = aSnapshot(aDeployment('web', [waits('CreateContainerConfigError', 'secret "web-tls" not found')]));
    expect(containerConfigs(snapshot)).toMatchObject([
      { why: 'Container web needs Secret web-tls, which is not there, so its only pod cannot start.' },
    ]);
  });

  it('says what keeps its volumes or network from it', () => {
    const snapshot = aSnapshot({
      ...aDeployment('web', [waits('ContainerCreating')]),
      warnings: [aWarning('Pod', 'web-5c9-0', 'FailedMount', 'MountVolume.SetUp failed for volume "data"')],
    });
    expect(blockedStarts(snapshot)).toMatchObject([{ why: 'FailedMount keeps its only pod from starting.' }]);
    expect(blockedStarts(aSnapshot(aDeployment('web', [waits('ContainerCreating')])))).toEqual([]);
  });

  it('tells which label it wants of a node, and what nodes have instead', () => {
    const message =
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes";
    const snapshot = aSnapshot({
      ...aDeployment('search', [unscheduled(message)], { nodeSelector: { disk: 'nvme' } }),
      nodes: ['ssd', 'hdd'].map((disk) => ({ metadata: { name: disk, labels: { disk } } })),
    });
    expect(unschedulable(snapshot)).toMatchObject([
      {
        why: 'No node takes its only pod: it wants nodes with disk=nvme, but nodes have disk=ssd, hdd.',
        said: ["0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."],
        next: { tool: 'k8s_get', args: { kind: 'Node', fields: ['.metadata.labels', '.spec.unschedulable'] } },
      },
    ]);
  });

  it.each([
    ['0/3 nodes are available: 3 Insufficient cpu.', '.status.allocatable.cpu'],
    ['0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}.', '.spec.taints'],
  ])('looks at nodes by the reason: %s', (message, field) => {
    const [found] = unschedulable(aSnapshot(aDeployment('web', [unscheduled(message)])));
    expect(found?.next?.args['fields']).toContain(field);
  });

  it('is left alone while it is gated on purpose', () => {
    const gated = { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] };
    expect(unschedulable(aSnapshot(aDeployment('web', [gated])))).toEqual([]);
  });
});

describe('a pod that runs and is not ready', () => {
  it('is told with its probe, as long as the event is of now', () => {
    const failed = (at?: string) =>
      aSnapshot({
        ...aDeployment('web', [unready, ready]),
        warnings: [
          aWarning(
            'Pod',
            'web-5c9-0',
            'Unhealthy',
            'Readiness probe failed: HTTP probe failed with statuscode: 503',
            at,
          ),
        ],
      });
    expect(failingProbes(failed())).toMatchObject([
      { severity: 'warning', why: 'The readiness probe fails; no traffic for 1 of 2 pods.' },
    ]);
    expect(unreadyPods(failed())).toEqual([]);
    expect(failingProbes(failed('2026-11-24T10:01:00Z'))).toEqual([]);
    expect(unreadyPods(failed('2026-11-24T10:01:00Z'))).toMatchObject([
      { why: 'Not ready: 1 of 2 pods; no event says why.' },
    ]);
  });

  it('is given a minute when it is young, and none when its node is gone', () => {
    const young = aDeployment('web', [unready]);
    const [pod] = young.pods;
    const born = {
      ...young,
      pods: [{ ...pod, metadata: { ...pod?.metadata, creationTimestamp: '2026-11-24T11:59:30Z' } }],
    };
    expect(unreadyPods(aSnapshot(born))).toEqual([]);
    const gone = { metadata: { name: 'node-a' }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    expect(unreadyPods(aSnapshot({ ...born, nodes: [gone] }))).toMatchObject([
      { why: 'Not ready: its only pod; its node is not ready.', because: ['Node//node-a'] },
    ]);
  });
});
