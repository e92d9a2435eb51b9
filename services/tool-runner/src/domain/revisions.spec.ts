import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '@skyflo/kube';
import { historyTable, revisionFacts, revisionsOf, templateYaml } from './revisions.ts';

const now = new Date('2026-11-24T12:00:00Z');
const owner = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', uid: 'u1' } } as KubeObject;
const template = (image: string, labels: object = {}) => ({
  metadata: { labels: { app: 'web', ...labels } },
  spec: { containers: [{ name: 'web', image }] },
});
const owned = (uid: string) => [{ apiVersion: 'apps/v1', kind: 'X', name: 'web', uid, controller: true }];

const aReplicaSet = (revision: number, image: string, uid = 'u1') =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `web-${revision}`,
      creationTimestamp: '2026-11-24T11:00:00Z',
      annotations: {
        'deployment.kubernetes.io/revision': String(revision),
        ...(revision === 2 ? { 'kubernetes.io/change-cause': 'a hotfix' } : {}),
      },
      ownerReferences: owned(uid),
    },
    spec: { template: template(image, { 'pod-template-hash': 'abc' }) },
    status: { replicas: revision },
  }) as KubeObject;

describe('the history of a workload', () => {
  it('is the ReplicaSets of a Deployment, its own only, by number', () => {
    const kept = [
      aReplicaSet(2, 'web:2'),
      aReplicaSet(10, 'web:10'),
      aReplicaSet(9, 'web:9'),
      aReplicaSet(11, 'x', 'u2'),
    ];
    const revisions = revisionsOf(owner, kept);
    expect(historyTable(revisions, now)).toBe(
      [
        'REVISION  AGE  PODS  IMAGES  CHANGE CAUSE',
        '10 (now)  60m  10    web:10',
        '9         60m  9     web:9',
        '2         60m  2     web:2   a hotfix',
      ].join('\n'),
    );
    expect(revisionFacts(revisions)).toEqual({ count: 3, revision: 10, images: ['web:10'] });
  });

  it('shows a template as it was written, without the label that tells ReplicaSets apart', () => {
    const [newest] = revisionsOf(owner, [aReplicaSet(1, 'web:1')]);
    expect(newest && templateYaml(newest)).toBe(
      'metadata:\n  labels:\n    app: web\nspec:\n  containers:\n    - name: web\n      image: web:1',
    );
  });

  it('is the ControllerRevisions of the others, without the mark of a patch', () => {
    const kept = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: { name: 'web-1', ownerReferences: owned('u1') },
      revision: 3,
      data: { spec: { template: { $patch: 'replace', ...template('web:3') } } },
    } as unknown as KubeObject;
    const [only] = revisionsOf({ ...owner, kind: 'DaemonSet' }, [kept]);
    expect(only).toMatchObject({ revision: 3 });
    expect(only && templateYaml(only)).not.toContain('$patch');
    expect(historyTable(only ? [only] : [], now)).toMatch(/^REVISION +AGE +IMAGES +CHANGE CAUSE\n3 \(now\)/);
  });
});
