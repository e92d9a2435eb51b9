import { describe, expect, it } from '@jest/globals';
import { rolloutState, type Workload } from './workload.ts';

function aWorkload(kind: string, spec: object, status: object, generation = 2): Workload {
  return {
    kind,
    metadata: { name: 'web', generation },
    spec: { ...spec },
    status: { observedGeneration: 2, ...status },
  };
}

const full = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
const deadline = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "web-1" has timed out progressing.',
};

describe('how far a rollout has come', () => {
  it.each<[string, Workload, boolean, string]>([
    ['Deployment that is done', aWorkload('Deployment', { replicas: 3 }, full), true, '3 of 3 pods ready'],
    [
      'newest spec nobody has seen',
      aWorkload('Deployment', { replicas: 3 }, full, 3),
      false,
      'has not seen the newest spec',
    ],
    [
      'Deployment half updated',
      aWorkload('Deployment', { replicas: 3 }, { ...full, updatedReplicas: 1 }),
      false,
      '1 of 3 pods updated',
    ],
    [
      'Deployment with old pods',
      aWorkload('Deployment', { replicas: 3 }, { ...full, replicas: 4 }),
      false,
      '1 old pods still end',
    ],
    [
      'Deployment not available',
      aWorkload('Deployment', { replicas: 3 }, { ...full, availableReplicas: 2 }),
      false,
      '2 of 3 pods available',
    ],
    ['Deployment of no pods', aWorkload('Deployment', { replicas: 0 }, {}), true, '0 of 0 pods ready'],
    [
      'StatefulSet between revisions',
      aWorkload(
        'StatefulSet',
        { replicas: 3 },
        { ...full, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      ),
      false,
      '1 of 3 pods updated',
    ],
    [
      'StatefulSet up to its partition',
      aWorkload(
        'StatefulSet',
        { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
        { ...full, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      ),
      true,
      '3 of 3 pods ready',
    ],
    [
      'DaemonSet short of nodes',
      aWorkload(
        'DaemonSet',
        {},
        { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 2, numberAvailable: 2 },
      ),
      false,
      '2 of 3 pods available',
    ],
  ])('of a %s', (_what, workload, done, message) => {
    expect(rolloutState(workload)).toMatchObject({ done, stuck: false, message: expect.stringContaining(message) });
  });

  it('is stuck once its deadline has passed', () => {
    const state = rolloutState(
      aWorkload('Deployment', { replicas: 3 }, { ...full, updatedReplicas: 1, conditions: [deadline] }),
    );
    expect(state).toMatchObject({
      done: false,
      stuck: true,
      message: expect.stringContaining('has timed out progressing'),
    });
  });
});
