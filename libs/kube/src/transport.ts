import { Pool } from 'undici';
import { Failure } from '@skyflo/contracts';
import type { ClusterAccess, Presented } from './access.ts';
import { requestChannel, type Requesting } from './channel.ts';
import type { ApiPath } from './api-path.ts';
import { connectionFailure, isUnsent } from './connection-failure.ts';
import { codeOf } from './error-code.ts';
import { linesOf } from './lines.ts';
import { retryingGet } from './retry.ts';
import { statusFailure } from './status-failure.ts';

export type ClientOptions = {
  /** Sent as User-Agent, so that audit logs name us; default `skyflo`. */
  readonly userAgent?: string;
  /** Connections kept open at most; default 16. */
  readonly connections?: number;
  /** How long one request may take; default 30 s. */
  readonly timeoutMs?: number;
};

export type Asked = {
  readonly query?: { readonly [key: string]: string | undefined };
  readonly headers?: { readonly [key: string]: string };
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
};
export type Answered = { readonly status: number; readonly text: string; readonly retryAfterMs: number | undefined };

/** How a request ended: an answer of the API server, or a connection that failed, sent or not. */
export type Exchange =
  | { readonly kind: 'answered'; readonly answer: Answered }
  | { readonly kind: 'failed'; readonly unsent: boolean; readonly failure: Failure };

/** With `Follow` the whole of what a read client is given: there is no way to another method from here. */
export type Get = (path: ApiPath, asked?: Omit<Asked, 'body'>) => Promise<string>;
/**
 * GET of an answer that goes on: an empty line once it has begun, then its lines as they come, until the server ends it or
 * `idleMs` pass without a byte.
 */
export type Follow = (
  path: ApiPath,
  asked: Pick<Asked, 'query' | 'signal'> & { readonly idleMs: number },
) => AsyncIterable<string>;

type Pooled = { readonly pool: Pool; readonly certificate: string | undefined };

const mostStreams = 256;
/** A body beyond this is no answer anyone can work with, and would fill the process. */
const maxAnswerBytes = 32 * 1024 * 1024;

/**
 * HTTP to one cluster as one identity: a pool of kept-alive TLS connections, rebuilt only when the client certificate
 * changes. HTTP/1.1 without upgrade. Owned by the client that is opened on it; `close` ends the connections.
 */
export class Transport {
  readonly #access: ClusterAccess;
  readonly #options: ClientOptions;
  #pool: Pooled | undefined;
  /** Answers that go on hold their connection: from the pool of the others they would starve requests. */
  #streams: Pooled | undefined;

  constructor(access: ClusterAccess, options: ClientOptions = {}) {
    this.#access = access;
    this.#options = options;
  }

  /** GET with retries on 429, 5xx and broken connections. Throws a Failure for every answer but 2xx. */
  readonly get: Get = async (path, asked = {}) => {
    const answer = await retryingGet(() => this.exchange('GET', path, asked), asked.signal);
    if (answer.status < 200 || answer.status > 299) throw statusFailure(answer.status, answer.text);
    return answer.text;
  };

  /** GET of lines. Throws a Failure for every answer but 2xx and for a connection that breaks; sent once. */
  readonly follow: Follow = (path, asked) => this.#lines(path, asked);

  /** One request, sent once, whatever comes of it. Rejects only where the caller's signal aborts it. */
  exchange(method: string, path: ApiPath, asked: Asked): Promise<Exchange> {
    const watched: Requesting = { method, path, dryRun: asked.query?.['dryRun'] === 'All' };
    return requestChannel.tracePromise(async () => {
      const exchange = await this.#exchange(method, path, asked);
      watched.status = exchange.kind === 'answered' ? exchange.answer.status : undefined;
      return exchange;
    }, watched);
  }

  async #exchange(method: string, path: ApiPath, asked: Asked): Promise<Exchange> {
    const presented = await this.#access.credentials.present(asked.signal);
    const timeoutMs = asked.timeoutMs ?? this.#options.timeoutMs ?? 30_000;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await this.#request(method, path, asked, presented, deadline);
      if (answer.status === 401) this.#access.credentials.forget();
      return { kind: 'answered', answer };
    } catch (error) {
      asked.signal?.throwIfAborted();
      if (error instanceof Failure) return { kind: 'failed', unsent: false, failure: error };
      const failure = connectionFailure(deadline.aborted ? deadline.reason : error, this.#access.server);
      return { kind: 'failed', unsent: isUnsent(error), failure };
    }
  }

  async close(): Promise<void> {
    const ended = [this.#pool, this.#streams].filter((pooled) => pooled !== undefined);
    this.#pool = undefined;
    this.#streams = undefined;
    await Promise.all(ended.map(({ pool }) => pool.destroy()));
  }

  async #request(
    method: string,
    path: ApiPath,
    asked: Asked,
    presented: Presented,
    deadline: AbortSignal,
  ): Promise<Answered> {
    this.#pool = this.#renewed(this.#pool, presented, this.#options.connections ?? 16);
    const { statusCode, headers, body } = await this.#pool.pool.request({
      method,
      path: this.#urlPath(path, asked.query ?? {}),
      headers: this.#headers(asked, presented),
      body: asked.body ?? null,
      signal: asked.signal ? AbortSignal.any([asked.signal, deadline]) : deadline,
    });
    const retryAfter = Number(headers['retry-after']);
    return {
      status: statusCode,
      text: await readCapped(body),
      retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
    };
  }

  async *#lines(path: ApiPath, { query, signal, idleMs }: Parameters<Follow>[1]): AsyncGenerator<string> {
    const presented = await this.#access.credentials.present(signal);
    this.#streams = this.#renewed(this.#streams, presented, mostStreams);
    try {
      const { statusCode, body } = await this.#streams.pool.request({
        method: 'GET',
        path: this.#urlPath(path, query ?? {}),
        headers: this.#headers({}, presented),
        signal: signal ?? null,
        headersTimeout: this.#options.timeoutMs ?? 30_000,
        bodyTimeout: idleMs,
      });
      if (statusCode === 401) this.#access.credentials.forget();
      if (statusCode < 200 || statusCode > 299) throw statusFailure(statusCode, await readCapped(body));
      yield '';
      yield* linesOf(body, maxAnswerBytes);
    } catch (error) {
      signal?.throwIfAborted();
      if (codeOf(error) === 'UND_ERR_BODY_TIMEOUT') return;
      throw error instanceof Failure ? error : connectionFailure(error, this.#access.server);
    }
  }

  #headers(asked: Pick<Asked, 'headers'>, presented: Presented): { readonly [name: string]: string } {
    return {
      accept: 'application/json',
      'user-agent': this.#options.userAgent ?? 'skyflo',
      ...asked.headers,
      ...presented.headers,
    };
  }

  /** The server of a kubeconfig may have a path of its own in front (Rancher and other gateways do that). */
  #urlPath(path: ApiPath, query: NonNullable<Asked['query']>): string {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
    return this.#access.server.pathname.replace(/\/$/, '') + path + search;
  }

  #renewed(former: Pooled | undefined, { certificate }: Presented, connections: number): Pooled {
    if (former && former.certificate === certificate?.cert) return former;
    const { server, tls } = this.#access;
    // Requests in hand end on the old pool; `close` waits for them.
    void former?.pool.close();
    const pool = new Pool(server.origin, {
      connections,
      keepAliveTimeout: 30_000,
      allowH2: false,
      connect: {
        timeout: 10_000,
        rejectUnauthorized: !tls.insecure,
        ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        ...(tls.servername === undefined ? {} : { servername: tls.servername }),
        ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key }),
      },
    });
    return { pool, certificate: certificate?.cert };
  }
}

async function readCapped(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxAnswerBytes)
      throw Failure.terminal('TooLarge', 'The answer is larger than 32 MiB: ask for less, with a limit or a selector.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
