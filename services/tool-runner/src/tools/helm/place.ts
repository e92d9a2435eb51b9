import { Failure } from '@skyflo/contracts';
import { newestOf } from '../../domain/helm/release-text.ts';
import type { Release, StoredRevision } from '../../domain/helm/release.ts';
import type { Look } from '../tool.ts';

type Where = { readonly name: string; readonly namespace: string };
export type Found = { readonly newest: StoredRevision; readonly revisions: readonly StoredRevision[] };

/** What is stored of a release, the newest first. */
export async function storedOf({ name, namespace }: Where, { releases, signal }: Look): Promise<StoredRevision[]> {
  const { revisions } = await releases.revisions({ name, namespace, signal });
  return revisions.filter((one) => one.name === name);
}

/** As `storedOf`; throws where there is no such release. */
export async function foundRelease(where: Where, look: Look): Promise<Found> {
  const revisions = await storedOf(where, look);
  const [newest] = newestOf(revisions);
  if (newest) return { newest, revisions };
  throw Failure.terminal('NotFound', `name: there is no Helm release ${where.name} in namespace ${where.namespace}.`, {
    hint: 'helm_list shows all releases and their namespaces.',
  });
}

/** Helm itself refuses while another operation is pending; a person should not be asked for that. */
export function assertSettled({ newest }: Found): void {
  if (!newest.status.startsWith('pending-') && newest.status !== 'uninstalling') return;
  const which = `release ${newest.namespace}/${newest.name}`;
  throw Failure.terminal('ReleasePending', `Revision ${newest.revision} of ${which} is ${newest.status}.`, {
    hint: 'Somebody is at it, or whoever was has died. Wait; else helm_rollback or helm_uninstall gets it out.',
  });
}

/** What the cluster should have now, as far as Helm knows: the newest revision that was deployed. */
export async function deployedOf({ revisions }: Found, { releases, signal }: Look): Promise<Release | undefined> {
  const deployed = revisions.find(({ status }) => status === 'deployed') ?? revisions[0];
  return deployed && (await releases.get(deployed, signal));
}
