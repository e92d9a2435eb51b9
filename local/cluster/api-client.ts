import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { z } from 'zod';

/** As `writeKubeconfigs` writes them: the first of each is the current one. */
const OwnKubeconfig = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })], z.unknown()),
});

export type ApiRequest = {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

/** `body` is parsed when it is JSON, else the text. */
export type ApiAnswer = { readonly status: number; readonly body: unknown };

/**
 * The few requests that setting a cluster up needs, before anything else of ours can talk to it.
 * Answers of every status are returned; only a broken connection throws.
 */
export class ApiClient {
  readonly #agent: Agent;
  readonly #server: string;
  readonly #token: string;

  constructor({ server, ca, token }: { readonly server: string; readonly ca: string; readonly token: string }) {
    this.#server = server;
    this.#token = token;
    this.#agent = new Agent({ keepAlive: true, ca });
  }

  async request(path: string, { method = 'GET', body, headers, signal }: ApiRequest = {}): Promise<ApiAnswer> {
    const sentBody = body === undefined ? '' : JSON.stringify(body);
    const sent = request(new URL(path, this.#server), {
      agent: this.#agent,
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        // Node would send the body of a DELETE without saying how long it is.
        'content-length': Buffer.byteLength(sentBody),
        ...headers,
      },
      ...(signal && { signal }),
    });
    sent.end(sentBody);
    const [response] = await once(sent, 'response');
    const received = await text(response);
    const isJson = String(response.headers['content-type']).includes('json');
    return { status: response.statusCode, body: isJson ? JSON.parse(received) : received };
  }

  /** As whoever the current context of a kubeconfig of ours is. */
  static async of(kubeconfig: string): Promise<ApiClient> {
    const { clusters, users } = OwnKubeconfig.parse(parse(await readFile(kubeconfig, 'utf8')));
    const [{ cluster }, { user }] = [clusters[0], users[0]];
    const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
    return new ApiClient({ server: cluster.server, ca, token: user.token });
  }

  /** Like `request`, but any status other than 2xx is an error with the API server's own message. */
  async expect(path: string, options: ApiRequest = {}): Promise<unknown> {
    const { status, body } = await this.request(path, options);
    if (status < 300) return body;
    throw new Error(`${options.method ?? 'GET'} ${path}: ${status} ${messageOf(body)}`);
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** What a Kubernetes `Status` object says, or the plain text of an answer that is none. */
export function messageOf(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message);
  return typeof body === 'string' ? body : JSON.stringify(body);
}
