import { Failure, type Notice } from '@skyflo/contracts';
import { z } from 'zod';
import { releaseChanges } from '../domain/helm/release-changes.ts';
import { renderedText } from '../domain/helm/release-draft.ts';
import type { StoredRevision } from '../domain/helm/release.ts';
import * as arg from './args.ts';
import { deployedOf, type Found, foundRelease } from './helm/place.ts';
import { blastRadiusOf, checksOf, countsOf, hookNotices } from './helm/told.ts';
import { releaseTool } from './tool.ts';

const args = z.strictObject({
  name: arg.release,
  namespace: arg.inNamespace,
  revision: z
    .number()
    .int()
    .min(1)
    .max(999_999_999)
    .optional()
    .describe('helm_get what=history shows them; the one before if left out.'),
  cluster: arg.cluster,
});

export const helmRollback = releaseTool({
  name: 'helm_rollback',
  toolset: 'helm',
  title: 'Roll a release back',
  description:
    'Brings a release back to an earlier revision, as a new one. A person sees the difference of every object and approves it first. It also gets a release out that is pending with nobody at it.',
  args,
  hints: { idempotent: true, destructive: true },
  plan: async (asked, look) => {
    const { name, namespace } = asked;
    const found = await foundRelease(asked, look);
    const back = earlier(found, asked.revision);
    const [before, after] = await Promise.all([deployedOf(found, look), look.releases.get(back, look.signal)]);
    const changes = releaseChanges({ before, after }, await look.cluster.discovery.all());
    const { newest } = found;
    const rendered = look.keyed(renderedText(after));
    return {
      operation: { kind: 'rollback', namespace, name, revision: newest.revision, to: back.revision, rendered },
      newest,
      changes,
      effect: `Roll release ${namespace}/${name} back to revision ${back.revision} (${after.chart.name} ${after.chart.version}): ${countsOf(changes)}.`,
      risk: { level: 'medium', reasons: ['What the newer revision changed is taken back, data excepted.'] },
      blastRadius: blastRadiusOf(changes, { before, after }),
      reversible: { possible: true, how: `helm_rollback to revision ${newest.revision}.` },
      warnings: [...pendingNotices(newest), ...hookNotices(after, /^(pre|post)-rollback$/)],
      notKnownYet: ['whether its pods start', 'what was changed in the cluster since, by others than Helm'],
      checks: checksOf(asked, newest.revision + 1, changes),
    };
  },
});

function earlier({ newest, revisions }: Found, wanted: number | undefined): StoredRevision {
  const kept = revisions.filter(({ revision }) => revision < newest.revision);
  const back =
    wanted === undefined
      ? kept.find(({ status }) => status === 'deployed' || status === 'superseded')
      : revisions.find(({ revision }) => revision === wanted);
  if (back && (back.revision !== newest.revision || newest.status !== 'deployed')) return back;
  if (back) throw Failure.terminal('AlreadySo', `revision: ${back.revision} is what is deployed now.`);
  const which = kept.map(({ revision }) => revision).join(', ') || 'none';
  const name = `${newest.namespace}/${newest.name}`;
  throw Failure.terminal('NotFound', `revision: there is none of ${name} to go back to; earlier ones are ${which}.`);
}

function pendingNotices({ status, revision }: StoredRevision): Notice[] {
  if (!status.startsWith('pending-')) return [];
  const message = `Revision ${revision} is ${status}. If somebody is still at it, both get in each other's way.`;
  return [{ code: 'ReleasePending', message }];
}
