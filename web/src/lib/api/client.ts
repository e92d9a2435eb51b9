import { toApiError, unreachable } from './problem.ts';
import { Renewal, type Exclusive, type Renewed } from './renewal.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
/** What checks an answer; the schemas of the contracts do. Throws on anything else. */
type Schema<Answer> = { readonly parse: (value: unknown) => Answer };
type Call<Answer> = {
  readonly method?: Method;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer?: Schema<Answer>;
  readonly signal?: AbortSignal;
};
type Fetch = typeof fetch;

const base = '/api/v1';

/**
 * Typed calls to the gateway with the session's cookies. An expired session is renewed once (however many calls and tabs wait
 * for it) and the call repeated; what is not 2xx is thrown as ApiError. Only the gateway's own word ends a session: while it is
 * away, calls fail and nobody is signed out.
 */
export class ApiClient {
  readonly #fetch: Fetch;
  readonly #renewal: Renewal;
  /** Called when a call found the session over and it could not be renewed. */
  onSignedOut: () => void = () => undefined;

  constructor(fetcher: Fetch = (...args) => fetch(...args), exclusive?: Exclusive) {
    this.#fetch = fetcher;
    this.#renewal = new Renewal(() => this.#exchange(), exclusive);
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

  async #sendFresh(path: string, call: Call<unknown>): Promise<Response> {
    const mark = this.#renewal.mark;
    const response = await this.#send(path, call);
    // Wrong credentials are a 401 too; renewing would only hide them.
    if (response.status !== 401 || signsIn(path)) return response;
    if ((await this.#renewal.renewedSince(mark)) === 'over') {
      this.onSignedOut();
      return response;
    }
    return this.#send(path, call);
  }

  async #exchange(): Promise<Renewed> {
    const response = await this.#send('/auth/refresh', { method: 'POST' });
    if (response.ok) return 'renewed';
    if (response.status === 401) return 'over';
    throw await toApiError(response);
  }

  async #send(path: string, { method = 'GET', body, signal, headers: own }: Call<unknown>): Promise<Response> {
    const type = body !== undefined && { 'content-type': 'application/json' };
    const headers = { accept: 'application/json', ...type, ...own };
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
