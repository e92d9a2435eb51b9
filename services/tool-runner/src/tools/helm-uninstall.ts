import type { Notice, ObjectChange } from '@skyflo/contracts';
import { z } from 'zod';
import { releaseChanges } from '../domain/helm/release-changes.ts';
import * as arg from './args.ts';
import { deployedOf, foundRelease } from './helm/place.ts';
import { blastRadiusOf, countsOf, hookNotices } from './helm/told.ts';
import { releaseTool } from './tool.ts';

const args = z.strictObject({
  name: arg.release,
  namespace: arg.inNamespace,
  keep_history: z.boolean().default(false).describe('Keeps its revisions, so that it can be rolled back.'),
  cluster: arg.cluster,
});

export const helmUninstall = releaseTool({
  name: 'helm_uninstall',
  toolset: 'helm',
  title: 'Uninstall a release',
  description: 'Deletes every object of a release, and its history. A person sees what goes and approves it first.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const { name, namespace, keep_history: keepHistory } = asked;
    const found = await foundRelease(asked, look);
    const before = await deployedOf(found, look);
    const changes = releaseChanges({ before, after: undefined }, await look.cluster.discovery.all());
    const { newest } = found;
    return {
      operation: { kind: 'uninstall', namespace, name, revision: newest.revision, keepHistory },
      newest,
      changes,
      effect: `Uninstall release ${namespace}/${name}: ${countsOf(changes)}.`,
      risk: { level: 'high', reasons: ['Everything it made is deleted.'] },
      blastRadius: blastRadiusOf(changes, { before, after: undefined }),
      reversible: keepHistory
        ? { possible: true, how: `helm_rollback to revision ${newest.revision}; deleted data does not come back.` }
        : { possible: false, how: 'Only by installing it again with the same values.' },
      warnings: [...dataNotices(changes), ...(before ? hookNotices(before, /^(pre|post)-delete$/) : [])],
      notKnownYet: ['what its hooks left behind: Helm does not delete it'],
      checks: [],
    };
  },
});

function dataNotices(changes: readonly ObjectChange[]): Notice[] {
  const claims = changes.filter(({ object }) => object.kind === 'PersistentVolumeClaim');
  if (claims.length === 0) return [];
  const names = claims.map(({ object }) => object.name).join(', ');
  return [{ code: 'DataMayBeLost', message: `Volume claims go too, maybe with their data: ${names}.` }];
}
