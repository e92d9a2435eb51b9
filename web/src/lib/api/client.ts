import { toApiError, unreachable } from './problem.ts';

type Method = 'GET' | 'POST';
/** What checks an answer; the schemas of the contracts do. Throws on anything else. */
type Schema<Answer> = { readonly parse: (value: unknown) => Answer };
type Call<Answer> = {
  readonly method?: Method;
  readonly body?: unknown;
  readonly answer?: Schema<Answer>;
  readonly signal?: AbortSignal;
};
type Fetch = typeof fetch;

const base = '/api/v1';

/**
 * Typed calls to the gateway with the session's cookies. An expired session is refreshed once (one refresh at a time, however
 * many calls wait for it) and the call repeated; what is not 2xx is thrown as ApiError.
 */
export class ApiClient {
  readonly #fetch: Fetch;
  #refreshing: Promise<boolean> | undefined;
  /** Called when a call found the session over and it could not be renewed. */
  onSignedOut: () => void = () => undefined;

  constructor(fetcher: Fetch = (...args) => fetch(...args)) {
    this.#fetch = fetcher;
  }

  async call<Answer = void>(path: string, call: Call<Answer> = {}): Promise<Answer> {
    const response = await this.#sendFresh(path, call);
    if (!response.ok) throw await toApiError(response);
    if (!call.answer) return undefined as Answer;
    const body: unknown = await response.json();
    call.answer.parse(body);
    // Checked but kept as it came: a plan's digest is over all of its members, known to this schema or not.
    return body as Answer;
  }

  /** The raw answer whatever its status, for the few answers whose body means something on failure too. */
  async probe(path: string): Promise<Response> {
    return this.#send(path, {});
  }

  /** True when a new session began. Public for streams, which cannot see the status that ended them. */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#send('/auth/refresh', { method: 'POST' })
      .then((response) => response.ok)
      .finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #sendFresh(path: string, call: Call<unknown>): Promise<Response> {
    const response = await this.#send(path, call);
    // Wrong credentials are a 401 too; refreshing would only hide them.
    if (response.status !== 401 || signsIn(path)) return response;
    if (await this.refresh()) return this.#send(path, call);
    this.onSignedOut();
    return response;
  }

  async #send(path: string, { method = 'GET', body, signal }: Call<unknown>): Promise<Response> {
    const headers = { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
    try {
      return await this.#fetch(`${base}${path}`, {
        method,
        headers,
        credentials: 'same-origin',
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      throw unreachable();
    }
  }
}

function signsIn(path: string): boolean {
  return path === '/auth/login' || path === '/auth/setup' || path === '/auth/refresh';
}
