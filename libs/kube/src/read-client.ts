import { z } from 'zod';
import type { ClusterAccess } from './access.ts';
import { type AccessAnswer, type AccessQuestion, accessAsker, type AskAccess } from './access-review.ts';
import { apiPath, wellKnown } from './api-path.ts';
import { tableOf, toList, toObject, toTable } from './answers.ts';
import { Discovery } from './discovery.ts';
import { assertNamespace } from './names.ts';
import { newestLines } from './newest-lines.ts';
import type { KubeList, KubeObject, KubeTable } from './objects.ts';
import { parseAnswer, parseJsonAnswer } from './parse-answer.ts';
import type { ResourceType } from './resource-type.ts';
import { Schemas } from './schemas.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import { type ClientOptions, type Follow, type Get, Transport } from './transport.ts';
import { type Watched, watchObjects } from './watch.ts';

export type ObjectKey = { readonly namespace?: string | undefined; readonly name: string };
export type CallOptions = { readonly signal?: AbortSignal | undefined; readonly timeoutMs?: number | undefined };
export type ListOptions = CallOptions & {
  /** Left out on a namespaced kind: all namespaces. */
  readonly namespace?: string | undefined;
  /** How many at most; there is no list without a limit. */
  readonly limit: number;
  readonly continue?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
};
export type WatchOptions = {
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Left out on a namespaced kind: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
};
export type LogOptions = CallOptions & {
  readonly container?: string | undefined;
  readonly tailLines: number;
  readonly limitBytes: number;
  readonly sinceSeconds?: number | undefined;
  readonly previous?: boolean | undefined;
};

const metadataAccept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** Opens a client that can only read. Its owner closes it. */
export function openReadClient(access: ClusterAccess, options: ClientOptions = {}): ReadClient {
  const transport = new Transport(access, options);
  const { get, follow } = transport;
  return new ReadClient({ get, follow, askAccess: accessAsker(transport) }, () => transport.close());
}

const pageSize = 500;
/** How long one stream of a watch lasts before the server ends it, so that a load is spread again; kubectl's informers do it too. */
const timeoutSeconds = '300';
/** Bookmarks come about once a minute: a connection that is silent for longer may be dead without anybody noticing. */
const silentMs = 90_000;

const Version = z.object({ gitVersion: z.string(), platform: z.string().optional() });
type Sending = { readonly get: Get; readonly follow: Follow; readonly askAccess: AskAccess };

/**
 * One cluster as one identity that only reads: it holds two functions that send GET and nothing else, to paths built from
 * discovery, never to proxy, exec, attach or portforward, and a third that posts a SelfSubjectAccessReview and nothing
 * else. All methods throw a Failure for any answer but success.
 */
export class ReadClient {
  readonly discovery: Discovery;
  readonly schemas: Schemas;
  readonly #get: Get;
  readonly #follow: Follow;
  readonly #askAccess: AskAccess;
  readonly #close: () => Promise<void>;

  constructor({ get, follow, askAccess }: Sending, close: () => Promise<void>) {
    this.#get = get;
    this.#follow = follow;
    this.#askAccess = askAccess;
    this.#close = close;
    this.discovery = new Discovery(get);
    this.schemas = new Schemas(get);
  }

  async get(type: ResourceType, key: ObjectKey, options: CallOptions = {}): Promise<KubeObject> {
    return toObject(await this.#get(apiPath({ ...type, ...key, subresource: undefined }), options));
  }

  async list(type: ResourceType, options: ListOptions): Promise<KubeList> {
    return toList(await this.#get(collection(type, options), { ...options, query: listQuery(options) }), type);
  }

  /**
   * A list as the server prints it: at 500 pods a sixtieth of the bytes of the objects. In one namespace the rows carry no
   * objects at all, over all namespaces their metadata, because the cells do not name the namespace.
   */
  async table(type: ResourceType, options: ListOptions): Promise<KubeTable> {
    const includeObject = type.namespaced && options.namespace === undefined ? 'Metadata' : 'None';
    const query = { ...listQuery(options), includeObject };
    const text = await this.#get(collection(type, options), { ...options, query, headers: { accept: tableAccept } });
    return toTable(text) ?? tableOf(toList(text, type));
  }

  /**
   * A list with the metadata of its objects and nothing else of them: what there is, without a byte of what it holds. For
   * Secrets with large contents that is a hundredth of the bytes.
   */
  async metadata(type: ResourceType, options: ListOptions): Promise<KubeList> {
    const headers = { accept: metadataAccept };
    return toList(await this.#get(collection(type, options), { ...options, query: listQuery(options), headers }), type);
  }

  /** What a container printed, the newest lines: at most `tailLines` of them and at most `limitBytes`. Never follows. */
  async log(pod: { readonly namespace: string; readonly name: string }, options: LogOptions): Promise<string> {
    const path = apiPath({ group: '', version: 'v1', resource: 'pods', ...pod, subresource: 'log' });
    const { container, tailLines, limitBytes, sinceSeconds, previous } = options;
    const query = {
      container: container === undefined ? undefined : assertNamespace(container, 'container'),
      limitBytes: String(limitBytes),
      sinceSeconds: sinceSeconds === undefined ? undefined : String(sinceSeconds),
      previous: previous === true ? 'true' : undefined,
    };
    const headers = { accept: 'text/plain, application/json' };
    return await newestLines(
      (lines) => this.#get(path, { ...options, headers, query: { ...query, tailLines: String(lines) } }),
      { tailLines, limitBytes },
    );
  }

  /** Tells what is there and what becomes of it, across broken connections, until its signal; see `watchObjects`. */
  watch(type: ResourceType, options: WatchOptions): AsyncGenerator<Watched> {
    const { signal } = options;
    const selected = selectors(options);
    return watchObjects(
      {
        list: (handle) => this.list(type, { ...options, limit: pageSize, continue: handle }),
        follow: (resourceVersion) =>
          this.#follow(collection(type, options), {
            query: { ...selected, watch: 'true', allowWatchBookmarks: 'true', resourceVersion, timeoutSeconds },
            signal,
            idleMs: silentMs,
          }),
      },
      signal,
    );
  }

  /** Whether this client's own identity may do something, as the API server's authorizers decide it. */
  async mayI(question: AccessQuestion, options: Pick<CallOptions, 'signal'> = {}): Promise<AccessAnswer> {
    return await this.#askAccess(question, options.signal);
  }

  /** `v1.34.1`, and what the API server runs on: `linux/amd64`. */
  async version(options: CallOptions = {}): Promise<{ readonly gitVersion: string; readonly platform?: string }> {
    const text = await this.#get(wellKnown.version, options);
    const { gitVersion, platform } = parseAnswer(Version, parseJsonAnswer(text), 'versions');
    return { gitVersion, ...(platform === undefined ? {} : { platform }) };
  }

  /** Whether the API server answers at all; throws the Failure that says why not. */
  async ping(options: CallOptions = {}): Promise<void> {
    await this.#get(wellKnown.version, options);
  }

  /** Ends the connections; requests in hand fail. */
  async close(): Promise<void> {
    await this.#close();
  }
}

function collection(type: ResourceType, { namespace }: { readonly namespace?: string | undefined }) {
  const { group, version, resource } = type;
  return apiPath({ group, version, resource, namespace: type.namespaced ? namespace : undefined });
}

function listQuery(options: ListOptions) {
  return {
    limit: String(options.limit),
    continue: options.continue,
    ...selectors(options),
  };
}

function selectors(options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>) {
  return {
    labelSelector: options.labelSelector === undefined ? undefined : labelSelector(options.labelSelector),
    fieldSelector: options.fieldSelector === undefined ? undefined : fieldSelector(options.fieldSelector),
  };
}
