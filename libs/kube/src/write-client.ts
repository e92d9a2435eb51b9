import { Failure } from '@skyflo/contracts';
import type { ClusterAccess } from './access.ts';
import { type ApiPath, apiPath } from './api-path.ts';
import { isStatus, toObject } from './answers.ts';
import { dryRunBody } from './delete-options.ts';
import { type FieldConflict, fieldConflicts } from './field-conflicts.ts';
import { GrantHeaders } from './grant-headers.ts';
import type { KubeObject } from './objects.ts';
import { statusDocument, statusFailure } from './status-failure.ts';
import { type ClientOptions, Transport } from './transport.ts';

export type WriteTarget = {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name: string;
};

/** One write, complete: exactly these bytes are sent, however often. */
export type WriteRequest = {
  readonly verb: 'create' | 'patch' | 'apply' | 'delete';
  /** What kind of patch the body is; a JSON Patch where nothing is said. */
  readonly patchType?: 'merge' | 'strategic' | undefined;
  readonly target: WriteTarget;
  readonly subresource?: string | undefined;
  /** JSON: the object, a patch of that type, an apply configuration, or DeleteOptions. */
  readonly body: string;
  /** Query options: `fieldManager`, `fieldValidation`, `force`, … A delete takes its options from the body alone. */
  readonly options: { readonly [key: string]: string };
};

/**
 * What became of a write. `deleted`: the object is gone; one that is only being deleted, because finalizers or a grace
 * period hold it, is `accepted` and carries its deletionTimestamp. `taken`: so it is, but the answer shows no object, as for
 * an eviction. `refused`: the API server said no, so this request changed nothing. `unsent`: not a byte arrived.
 * `unknown`: it was sent and nobody can say from here whether it took; look at the object.
 */
export type WriteAnswer =
  | { readonly kind: 'accepted'; readonly object: KubeObject }
  | { readonly kind: 'deleted' | 'taken' }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly failure: Failure;
      /** Of an apply without `force`: the fields that others manage with other values. */
      readonly conflicts: readonly FieldConflict[];
    }
  | { readonly kind: 'unsent' | 'unknown'; readonly failure: Failure };

type SendOptions = { readonly signal?: AbortSignal | undefined; readonly timeoutMs?: number | undefined };

const wire = {
  create: { method: 'POST', contentType: 'application/json' },
  patch: { method: 'PATCH', contentType: 'application/json-patch+json' },
  apply: { method: 'PATCH', contentType: 'application/apply-patch+yaml' },
  delete: { method: 'DELETE', contentType: 'application/json' },
} as const;
const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/** Opens a client whose every request is a dry run. Its owner closes it. */
export function openPlanClient(access: ClusterAccess, options: ClientOptions = {}): PlanClient {
  return new PlanClient(new Transport(access, options));
}

/**
 * Opens a client that writes. `impersonateSelf` for an identity of the runner's own behind the admission guard: each
 * request then carries the grant id as user extra, by impersonating the very same ServiceAccount.
 */
export function openWriteClient(
  access: ClusterAccess,
  options: ClientOptions & { readonly impersonateSelf: boolean },
): WriteClient {
  return new WriteClient(new Transport(access, options), options.impersonateSelf);
}

/** Sends writes as dry runs only: `dryRun=All` is set here, below all callers, whatever the request says. */
export class PlanClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Runs a write through validation and admission without storing it; accepted answers show what would be stored. */
  async dryRun(request: WriteRequest, options: SendOptions = {}): Promise<WriteAnswer> {
    const tried = { ...request, options: { ...request.options, dryRun: 'All' } };
    // A DELETE with a body ignores the query: the dry run has to be in the body. The query still tells the audit log.
    const whole = request.verb === 'delete' ? { ...tried, body: dryRunBody(request.body) } : tried;
    return await sendOnce(this.#transport, whole, {}, options);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }
}

/** Sends each write once and reports what became of it; it never repeats one. Every request names its grant. */
export class WriteClient {
  readonly #transport: Transport;
  readonly #grant: GrantHeaders;

  constructor(transport: Transport, impersonateSelf: boolean) {
    this.#transport = transport;
    this.#grant = new GrantHeaders(transport, impersonateSelf);
  }

  async send(request: WriteRequest, options: SendOptions & { readonly grantId: string }): Promise<WriteAnswer> {
    const headers = await this.#grant.of(options.grantId);
    if (headers instanceof Failure) return { kind: 'unsent', failure: headers };
    return await sendOnce(this.#transport, request, headers, options);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }
}

async function sendOnce(
  transport: Transport,
  request: WriteRequest,
  headers: { readonly [name: string]: string },
  options: SendOptions,
): Promise<WriteAnswer> {
  const { method, contentType } = wire[request.verb];
  const type = request.verb === 'patch' && request.patchType ? patchTypes[request.patchType] : contentType;
  const exchange = await transport.exchange(method, writePath(request), {
    body: request.body,
    query: request.options,
    headers: { ...headers, 'content-type': type },
    signal: options.signal,
    timeoutMs: options.timeoutMs,
  });
  if (exchange.kind === 'failed') return { kind: exchange.unsent ? 'unsent' : 'unknown', failure: exchange.failure };
  const { status, text } = exchange.answer;
  if (status >= 200 && status <= 299) return taken(request, text);
  const failure = statusFailure(status, text);
  // A 5xx may come from a proxy, or after the store took it: only 4xx says that nothing was changed.
  if (status >= 500) return { kind: 'unknown', failure };
  const conflicts = request.verb === 'apply' && status === 409 ? fieldConflicts(statusDocument(text)) : [];
  return { kind: 'refused', status, failure, conflicts };
}

/** A delete is answered with the object while something still holds it, and with a Status once it is gone. */
function taken({ verb, subresource }: WriteRequest, text: string): WriteAnswer {
  if (verb === 'delete' && isStatus(text)) return { kind: 'deleted' };
  if (subresource !== undefined && isStatus(text)) return { kind: 'taken' };
  const object = toObject(text);
  // Some kinds are answered with the object as it was: without a deletionTimestamp nothing holds it any more.
  if (verb === 'delete' && object.metadata.deletionTimestamp === undefined) return { kind: 'deleted' };
  return { kind: 'accepted', object };
}

function writePath({ verb, target, subresource }: WriteRequest): ApiPath {
  const { name, ...collection } = target;
  return verb === 'create' && subresource === undefined
    ? apiPath(collection)
    : apiPath({ ...collection, name, subresource });
}
