import { describe, expect, it } from '@jest/globals';
import { RolloutView } from '@skyflo/contracts';
import { aRollout } from '../../../test/a-rollout.ts';
import { rolloutTree, toView } from './report.ts';
import { versionsOf } from './versions.ts';

const replicaSet = (revision: number, hash: string, pods: number) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: `web-${hash}`,
    labels: { 'rollouts-pod-template-hash': hash },
    annotations: { 'rollout.argoproj.io/revision': String(revision) },
  },
  spec: { replicas: pods, template: { spec: { containers: [{ name: 'web', image: `web:${revision}` }] } } },
  status: { replicas: pods, readyReplicas: pods, availableReplicas: pods },
});
const sets = [replicaSet(1, 'older', 0), replicaSet(3, 'new', 1), replicaSet(2, 'old', 3)];

describe('a rollout as a tree', () => {
  it('has its steps, its versions by the part they play, what is under them, and what to do next', () => {
    const versions = versionsOf(aRollout(), sets);
    const pods = new Map([['web-new', ['web-new-1: Running, 1/1 ready']]]);
    expect(rolloutTree(aRollout(), { versions, pods, runs: ['AnalysisRun web-1: Running'] })).toBe(
      [
        'Rollout storefront/web: Paused (CanaryPauseStep), canary, 4 of 4 pods available.',
        'At step 2 of 5: pause until promoted. Weight 25%, actual 25%.',
        '  [x] 1 set weight 25%',
        '  [>] 2 pause until promoted',
        '  [ ] 3 set weight 50%',
        '  [ ] 4 pause 30s',
        '  [ ] 5 analysis errors',
        'Revision 3 (canary): ReplicaSet web-new, 1 of 1 available, web:3',
        '  web-new-1: Running, 1/1 ready',
        'Revision 2 (stable): ReplicaSet web-old, 3 of 3 available, web:2',
        'Kept for going back: revision 1',
        'AnalysisRun web-1: Running',
        'Next: argo_promote to go on, argo_abort to go back.',
      ].join('\n'),
    );
  });

  it('of a blue-green one names what is active and what is the preview', () => {
    const status = { blueGreen: { activeSelector: 'old', previewSelector: 'new' } };
    const rollout = aRollout(status, { strategy: { blueGreen: { activeService: 'web' } } });
    const roles = versionsOf(rollout, sets).map((version) => version.roles);
    expect(roles).toEqual([['preview'], ['stable', 'active'], []]);
    expect(toView(rollout, versionsOf(rollout, sets))).toMatchObject({ strategy: 'blueGreen', steps: [] });
  });

  it('is what the contracts have for a console, however long the cluster makes its words', () => {
    const rollout = aRollout({ message: 'x'.repeat(5_000) });
    expect(() => RolloutView.parse(toView(rollout, versionsOf(rollout, sets)))).not.toThrow();
  });
});
