import type { IncomingMessage } from 'node:http';
import { ensureFailure, Failure } from '@skyflo/contracts';
import { WebSocket } from 'ws';
import type { ClusterAccess } from './access.ts';
import { requestChannel, type Requesting } from './channel.ts';
import { connectionFailure, isUnsent } from './connection-failure.ts';
import { execPath, type ExecTarget } from './exec-path.ts';
import { type ExecOutput, ExecStream } from './exec-stream.ts';
import { GrantHeaders } from './grant-headers.ts';
import { statusFailure } from './status-failure.ts';
import { type ClientOptions, Transport } from './transport.ts';

/**
 * What became of an exec. `ended`: the program ran and this is its exit code. `refused`: the API server or the container
 * runtime said no, so nothing ran. `unsent`: not a byte arrived. `unknown`: it may have run, and may still be running.
 */
export type ExecAnswer =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly output: ExecOutput }
  | { readonly kind: 'refused' | 'unsent'; readonly failure: Failure }
  | { readonly kind: 'unknown'; readonly failure: Failure; readonly output: ExecOutput };

export type ExecOptions = {
  readonly grantId: string;
  readonly timeoutMs: number;
  /** Of both outputs together; what comes beyond is counted and dropped. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
};

const protocol = 'v4.channel.k8s.io';
const mostOfARefusal = 64 * 1024;
const none: ExecOutput = { stdout: '', stderr: '', leftOut: 0 };

/** Opens a client that reaches into containers. `impersonateSelf` as for the write client. Its owner closes it. */
export function openConnectClient(
  access: ClusterAccess,
  options: ClientOptions & { readonly impersonateSelf: boolean },
): ConnectClient {
  return new ConnectClient(access, options);
}

/** Runs programs in containers, each once and under a grant. No other client of this library can upgrade a connection. */
export class ConnectClient {
  readonly #access: ClusterAccess;
  readonly #options: ClientOptions;
  readonly #transport: Transport;
  readonly #grant: GrantHeaders;

  constructor(access: ClusterAccess, options: ClientOptions & { readonly impersonateSelf: boolean }) {
    this.#access = access;
    this.#options = options;
    this.#transport = new Transport(access, options);
    this.#grant = new GrantHeaders(this.#transport, options.impersonateSelf);
  }

  async exec(target: ExecTarget, options: ExecOptions): Promise<ExecAnswer> {
    const headers = await this.#grant.of(options.grantId);
    if (headers instanceof Failure) return { kind: 'unsent', failure: headers };
    const path = execPath(target);
    const watched: Requesting = { method: 'GET', path: path.replace(/\?.*$/, ''), dryRun: false };
    return requestChannel.tracePromise(async (): Promise<ExecAnswer> => {
      const socket = await this.#open(path, headers).catch((error: unknown) => ensureFailure(error));
      return socket instanceof Failure ? { kind: 'unsent', failure: socket } : this.#listen(socket, options);
    }, watched);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #open(path: string, headers: { readonly [name: string]: string }): Promise<WebSocket> {
    const { server, tls, credentials } = this.#access;
    const presented = await credentials.present();
    const url = `${server.origin.replace(/^http/, 'ws')}${server.pathname.replace(/\/$/, '')}${path}`;
    return new WebSocket(url, [protocol], {
      headers: { 'user-agent': this.#options.userAgent ?? 'skyflo', ...headers, ...presented.headers },
      rejectUnauthorized: !tls.insecure,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.servername === undefined ? {} : { servername: tls.servername }),
      ...(presented.certificate === undefined ? {} : presented.certificate),
      handshakeTimeout: this.#options.timeoutMs ?? 30_000,
      perMessageDeflate: false,
      maxPayload: 1024 * 1024,
    });
  }

  #listen(socket: WebSocket, { timeoutMs, maxBytes, signal }: ExecOptions): Promise<ExecAnswer> {
    const stream = new ExecStream(maxBytes);
    const { promise, resolve } = Promise.withResolvers<ExecAnswer>();
    const unknown = (code: string, message: string) =>
      resolve({ kind: 'unknown', failure: Failure.terminal(code, message), output: stream.output });
    const seconds = Math.round(timeoutMs / 1000);
    const timer = setTimeout(() => unknown('ToolTimedOut', `It did not end within ${seconds} s.`), timeoutMs);
    const stop = () => unknown('Cancelled', 'It was stopped being listened to before it ended.');
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    socket.on('message', (data) => stream.take(toBuffer(data)));
    socket.on('unexpected-response', (_request, response) => void refusalOf(response).then(resolve));
    socket.on('error', (error) => {
      const failure = connectionFailure(error, this.#access.server);
      resolve(isUnsent(error) ? { kind: 'unsent', failure } : { kind: 'unknown', failure, output: stream.output });
    });
    socket.on('close', () => resolve(endOf(stream)));
    return promise.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      // Ends the connection, not the program: Kubernetes has no call for that.
      socket.terminate();
    });
  }
}

function endOf(stream: ExecStream): ExecAnswer {
  const { end, output } = stream;
  if (end === undefined) {
    const failure = Failure.terminal(
      'ConnectionLost',
      'The connection ended before it was told how the program ended.',
    );
    return { kind: 'unknown', failure, output };
  }
  return 'failure' in end
    ? { kind: 'refused', failure: end.failure }
    : { kind: 'ended', exitCode: end.exitCode, output };
}

/** Answered without an upgrade: by 4xx it never began; a 5xx may come from between, after it did. */
async function refusalOf(response: IncomingMessage): Promise<ExecAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (size < mostOfARefusal) chunks.push(chunk);
      size += chunk.length;
    }
  } catch {
    // What came of it has to do: the status alone says that it is a refusal.
  }
  const status = response.statusCode ?? 500;
  const failure = statusFailure(status, Buffer.concat(chunks).toString('utf8'));
  return status < 500 ? { kind: 'refused', failure } : { kind: 'unknown', failure, output: none };
}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
