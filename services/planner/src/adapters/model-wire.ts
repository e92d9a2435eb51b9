import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';

/**
 * How the openai client reaches the server: Node's own HTTP client in the place of `fetch`. An answer comes in hundreds of
 * pieces, and each costs `fetch` more than everything else that is done with it, for web streams that nobody here needs.
 *
 * A redirect is an answer like any other that is no success: the key goes only where it was meant to go.
 */
export class ModelWire {
  readonly #bodies = new WeakMap<Response, IncomingMessage>();

  /** As `fetch`, but a successful response has its body in `bodyOf`. */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const answer = await sent(new URL(input instanceof Request ? input.url : input), init);
    const about = { status: answer.statusCode ?? 502, headers: headersOf(answer) };
    answer.setEncoding('utf8');
    if (about.status >= 300) return new Response((await textOf(answer)) || null, about);
    const response = new Response(null, about);
    this.#bodies.set(response, answer);
    return response;
  };

  /** The body of a response that `fetch` gave, as text in the pieces in which it arrives. */
  bodyOf(response: Response): AsyncIterable<string> {
    const body = this.#bodies.get(response);
    if (!body) throw new TypeError('not a response of this wire');
    return body;
  }
}

function sent(url: URL, { method = 'GET', headers, body, signal }: RequestInit): Promise<IncomingMessage> {
  if (body !== undefined && body !== null && typeof body !== 'string') throw new TypeError('bodies are text here');
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = url.protocol === 'https:' ? overHttps : overHttp;
  send(url, { method, headers: Object.fromEntries(new Headers(headers)), ...(signal && { signal }) })
    .on('response', resolve)
    .on('error', reject)
    .end(body);
  return promise;
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value);
  return headers;
}

async function textOf(answer: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of answer) text += piece;
  return text;
}
