import { Failure } from '@skyflo/contracts';
import { assertName, type KubeObject, type ResourceType } from '@skyflo/kube';
import {
  grantLabel,
  type Release,
  type ReleaseQuery,
  type Releases,
  type RevisionHead,
  type RevisionRef,
  type StoredRevision,
} from '../domain/helm/release.ts';
import type { ClusterView } from '../domain/ports.ts';
import { type Payload, readPayload, toRelease } from './helm-payload.ts';

const pageSize = 500;
/** Releases keep ten revisions each unless somebody said otherwise. */
const pages = 20;
/** Payloads can be a megabyte each. */
const atOnce = 6;

/** Releases as Helm stores them by default: a Secret per revision. Its other drivers (ConfigMaps, SQL) are not looked at. */
export class HelmReleases implements Releases {
  readonly #view: ClusterView;

  constructor(view: ClusterView) {
    this.#view = view;
  }

  async revisions({ namespace, name, signal }: ReleaseQuery) {
    const type = await this.#secrets();
    const labelSelector = name === undefined ? 'owner=helm' : `owner=helm,name=${name}`;
    const revisions: StoredRevision[] = [];
    let handle: string | undefined;
    for (let page = 0; page < pages && (page === 0 || handle !== undefined); page += 1) {
      const options = { namespace, labelSelector, limit: pageSize, continue: handle, signal };
      const list = await this.#view.metadata(type, options);
      revisions.push(...list.items.flatMap(toStored));
      handle = list.continue;
    }
    revisions.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name) || b.revision - a.revision);
    return { revisions, more: handle !== undefined };
  }

  async heads(refs: readonly StoredRevision[], signal: AbortSignal): Promise<RevisionHead[]> {
    const heads: RevisionHead[] = [];
    for (let start = 0; start < refs.length; start += atOnce) {
      const some = refs.slice(start, start + atOnce).map((ref) => this.#head(ref, signal));
      heads.push(...(await Promise.all(some)));
    }
    return heads;
  }

  async get(ref: RevisionRef, signal: AbortSignal): Promise<Release> {
    const { ref: at, payload } = await this.#load(ref, signal);
    return toRelease(at, payload);
  }

  async #head(ref: StoredRevision, signal: AbortSignal): Promise<RevisionHead> {
    try {
      return toHead(await this.#load(ref, signal));
    } catch (error) {
      // Deleted meanwhile, or no release at all.
      if (error instanceof Failure && /^(ReleaseUnreadable|NotFound)$/.test(error.code)) return ref;
      throw error;
    }
  }

  async #load(ref: RevisionRef, signal: AbortSignal): Promise<Loaded> {
    const { namespace, name, revision } = ref;
    const what = `Revision ${revision} of release ${namespace}/${name}`;
    const secret = `sh.helm.release.v1.${assertName(name)}.v${revision}`;
    const found = await this.#view.get(await this.#secrets(), { namespace, name: secret }, { signal }).catch(notFound);
    if (found?.metadata.labels?.['owner'] !== 'helm') throw Failure.terminal('NotFound', `${what} is not stored.`);
    const status = found.metadata.labels['status'] ?? 'unknown';
    return { ref: { namespace, name, revision, status }, payload: await readPayload(found['data'], what) };
  }

  async #secrets(): Promise<ResourceType> {
    return await this.#view.discovery.resolve('v1/Secret');
  }
}

type Loaded = { readonly ref: StoredRevision; readonly payload: Payload };

function toHead({ ref, payload: { chart, info } }: Loaded) {
  return {
    ...ref,
    chart: chart.metadata,
    firstDeployed: info.first_deployed,
    lastDeployed: info.last_deployed,
    description: info.description,
  };
}

/** The Secret's own name says what it is; a label could say anything. */
function toStored({ metadata }: KubeObject): StoredRevision[] {
  const [, name, revision] = /^sh\.helm\.release\.v1\.(.+)\.v(\d{1,9})$/.exec(metadata.name) ?? [];
  if (name === undefined || revision === undefined || metadata.namespace === undefined) return [];
  const { namespace, uid, labels } = metadata;
  const status = labels?.['status'] ?? 'unknown';
  return [{ namespace, name, revision: Number(revision), status, uid, grant: labels?.[grantLabel] }];
}

function notFound(error: unknown): undefined {
  if (error instanceof Failure && error.code === 'NotFound') return undefined;
  throw error;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
