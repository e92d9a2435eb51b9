import { Failure } from '@skyflo/contracts';
import type { z } from 'zod';
import { groupVersionPath, wellKnown } from './api-path.ts';
import {
  AggregatedDiscovery,
  aggregatedAccept,
  ApiGroups,
  ApiResources,
  ApiVersions,
  fromAggregated,
  fromResources,
} from './discovery-documents.ts';
import { parseAnswer } from './parse-answer.ts';
import { resolveKind } from './resolve-kind.ts';
import type { ResourceType } from './resource-type.ts';
import type { Get } from './transport.ts';

type Known = { readonly types: readonly ResourceType[]; readonly at: number };
type Options = { readonly ttlMs?: number; readonly now?: () => number };

/** After this a word that is not known is worth asking the API server again: its CRD may have come meanwhile. */
const unknownAfterMs = 5_000;

/** What a cluster serves. Kept for ten minutes; asked again early for a kind it does not know yet. */
export class Discovery {
  readonly #get: Get;
  readonly #ttlMs: number;
  readonly #now: () => number;
  #known: Promise<Known> | undefined;

  constructor(get: Get, options: Options = {}) {
    this.#get = get;
    this.#ttlMs = options.ttlMs ?? 600_000;
    this.#now = options.now ?? Date.now;
  }

  /** The kind meant by a word; see `resolveKind`. Throws a terminal Failure `KindUnknown` or `KindAmbiguous`. */
  async resolve(word: string): Promise<ResourceType> {
    const found = await this.#find((types) => resolveKind(types, word));
    if (found) return found;
    throw Failure.terminal('KindUnknown', `kind: the cluster serves no kind "${word.slice(0, 60)}".`);
  }

  /** The type of an API path seen before, in a stored plan or an owner reference. */
  async find(
    wanted: Pick<ResourceType, 'group' | 'version'> & ({ resource: string } | { kind: string }),
  ): Promise<ResourceType> {
    const found = await this.#find((types) =>
      types.find(
        (type) =>
          type.group === wanted.group &&
          type.version === wanted.version &&
          ('resource' in wanted ? type.resource === wanted.resource : type.kind === wanted.kind),
      ),
    );
    if (found) return found;
    const name = 'resource' in wanted ? wanted.resource : wanted.kind;
    throw Failure.terminal(
      'KindUnknown',
      `The cluster does not serve ${name} of ${wanted.group || 'the core group'} ${wanted.version}.`,
    );
  }

  async all(): Promise<readonly ResourceType[]> {
    return (await this.#load()).types;
  }

  async #find(pick: (types: readonly ResourceType[]) => ResourceType | undefined): Promise<ResourceType | undefined> {
    const known = await this.#load();
    const found = pick(known.types);
    if (found || this.#now() - known.at < unknownAfterMs) return found;
    this.#known = undefined;
    return pick((await this.#load()).types);
  }

  /** Callers at the same time share one fetch; a failed one is not kept. */
  async #load(): Promise<Known> {
    const held = this.#known;
    if (held && this.#now() - (await held).at < this.#ttlMs) return held;
    const fetching = this.#fetch().then((types) => ({ types, at: this.#now() }));
    this.#known = fetching;
    fetching.catch(() => {
      if (this.#known === fetching) this.#known = undefined;
    });
    return fetching;
  }

  async #fetch(): Promise<ResourceType[]> {
    const [core, groups] = await Promise.all([this.#types(wellKnown.core), this.#types(wellKnown.groups)]);
    return [...core, ...groups];
  }

  async #types(path: typeof wellKnown.core): Promise<ResourceType[]> {
    const document: unknown = JSON.parse(await this.#get(path, { headers: { accept: aggregatedAccept } }));
    const aggregated = AggregatedDiscovery.safeParse(document);
    if (aggregated.success) return fromAggregated(aggregated.data);
    const versions = ApiVersions.safeParse(document);
    const all = versions.success
      ? versions.data.versions.map((version) => ({ group: '', version }))
      : groupVersions(parseAnswer(ApiGroups, document, 'API groups'));
    return (await Promise.all(all.map(({ group, version }) => this.#resources(group, version)))).flat();
  }

  async #resources(group: string, version: string): Promise<ResourceType[]> {
    try {
      const document: unknown = JSON.parse(await this.#get(groupVersionPath(group, version)));
      return fromResources(group, version, parseAnswer(ApiResources, document, 'API resources'));
    } catch (error) {
      // An aggregated API whose server is down must not hide all the others; its kinds are unknown until it is back.
      if (error instanceof Failure) return [];
      throw error;
    }
  }
}

function groupVersions({ groups }: z.infer<typeof ApiGroups>): { group: string; version: string }[] {
  return groups.flatMap(({ name, versions }) => versions.map(({ version }) => ({ group: name, version })));
}
