import { describe, expect, it } from '@jest/globals';
import { aDeployment, aService, aSnapshot, together, unready, unscheduled, waits } from '../../test/a-snapshot.ts';
import { analyze } from '../domain/diagnose/analyze.ts';
import { toolNamed } from './index.ts';

const node = { metadata: { name: 'node-a' }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
const refusal = { type: 'ReplicaFailure', status: 'True', message: 'maximum memory usage per Container is 1Gi' };
const refused = {
  kind: 'ReplicaSet',
  metadata: { name: 'big-1', namespace: 'shop' },
  spec: { replicas: 1 },
  status: { conditions: [refusal] },
};
const rules = [{ http: { paths: [{ path: '/', backend: { service: { name: 'nobody' } } }] } }];

/** One of every kind of next call that analyzers suggest. */
const snapshot = aSnapshot(
  together(
    aDeployment('image', [waits('ImagePullBackOff')]),
    aDeployment('crash', [waits('CrashLoopBackOff')]),
    aDeployment('nodes', [unscheduled('0/1 nodes are available: 1 Insufficient cpu.')]),
    aDeployment('probe', [unready]),
    {
      nodes: [node],
      replicaSets: [refused],
      services: [aService('odd', { app: 'odd' })],
      ingresses: [{ metadata: { name: 'front', namespace: 'shop' }, spec: { rules } }],
    },
  ),
);

describe('what diagnose suggests next', () => {
  it.each(analyze(snapshot).map((finding) => [finding.kind, finding] as const))(
    '%s: is a call that the tool takes, once a person has filled in what only they know',
    (_kind, { next }) => {
      const tool = toolNamed(next?.tool ?? '');
      const filled = next?.needs === undefined ? {} : { [next.needs]: 'registry.example/web:2' };
      expect(tool?.args.safeParse({ ...next?.args, ...filled }).error?.issues).toBeUndefined();
      expect(tool).toBeDefined();
    },
  );
});
