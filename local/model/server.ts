import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Completion } from './completion.ts';
import { type Answer, ChatRequest, ProtocolError } from './protocol.ts';
import { answerByRules } from './rules/answer-by-rules.ts';
import { Script, ScriptBook, type ScriptStep } from './script-book.ts';

export const rulesModel = 'skyflo-rules';
/** Chooses a script where the caller cannot choose the model. */
export const scriptHeader = 'x-skyflo-script';

export type ModelServerOptions = {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly host?: string;
  /** How long the rules take for each word, so that streaming can be seen; 15 by default. Scripts have their own `delayMs`. */
  readonly tokenDelayMs?: number;
  readonly scripts?: readonly Script[];
  readonly log?: (line: string) => void;
};

export type ModelServer = {
  /** Base URL for OpenAI clients, with `/v1`. */
  readonly url: string;
  readonly port: number;
  /** Adds or replaces a scripted model. */
  script(model: string, steps: readonly ScriptStep[]): void;
  /** Every request this model was sent, oldest first: what a test looks at to see what the model was told. */
  requests(model: string): readonly ChatRequest[];
  /** Ends open answers and closes the port. */
  stop(): Promise<void>;
};

/**
 * A deterministic server that speaks the OpenAI chat-completions protocol on the loopback interface: rules for everyday
 * requests (model `skyflo-rules`, and any name that is no script) and scripts for tests (`POST /scripts`).
 */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const { port = 0, host = '127.0.0.1', tokenDelayMs = 15, log = () => undefined } = options;
  const book = new ScriptBook();
  for (const script of options.scripts ?? []) book.set(script);
  const seen: ChatRequest[] = [];
  const closing = new AbortController();
  const context: Context = { book, tokenDelayMs, signal: closing.signal, remember: (request) => seen.push(request) };
  const server = createServer((request, response) => {
    handle(context, request, response).catch((error: unknown) => {
      if (!closing.signal.aborted && !response.destroyed) fail(response, error);
      if (!(error instanceof ProtocolError)) log(`model server: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  log(`model server: listening on http://${host}:${bound}/v1`);
  return {
    url: `http://${host}:${bound}/v1`,
    port: bound,
    script: (model, steps) => book.set({ model, steps: [...steps] }),
    requests: (model) => seen.filter((request) => request.model === model),
    async stop() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

type Context = {
  readonly book: ScriptBook;
  readonly tokenDelayMs: number;
  readonly signal: AbortSignal;
  readonly remember: (request: ChatRequest) => void;
};

/** An answer and how to give it. */
type Step = Answer & Pick<ScriptStep, 'delayMs' | 'fail'>;

async function handle(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://model').pathname.replace(/\/$/, '');
  switch (`${request.method} ${path}`) {
    case 'GET /v1/models':
      return json(response, 200, { object: 'list', data: [rulesModel, ...context.book.models].map(toModel) });
    case 'GET /health':
      return json(response, 200, { status: 'ok' });
    case 'POST /scripts':
      context.book.set(await body(request, Script));
      return json(response, 201, { models: context.book.models });
    case 'POST /v1/chat/completions':
      return complete(context, request, response);
    default:
      throw new ProtocolError(404, 'unknown_url', `no such endpoint: ${request.method} ${path}`);
  }
}

async function complete(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chat = await body(request, ChatRequest);
  context.remember(chat);
  const named = request.headers[scriptHeader];
  const script = typeof named === 'string' ? named : chat.model;
  const step: Step = context.book.has(script)
    ? context.book.take(script, chat)
    : { ...answerByRules(chat), delayMs: context.tokenDelayMs };
  if (typeof step.fail === 'object') {
    const { status, message = 'scripted failure', retryAfterSeconds } = step.fail;
    throw new ProtocolError(status, 'scripted_failure', message, { retryAfterSeconds });
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([context.signal, gone.signal]);
  try {
    if (step.fail === 'hang') return await sleep(2_147_483_647, undefined, { signal });
    const completion = new Completion(chat, step);
    if (chat.stream) return await stream(response, completion, step, signal);
    await sleep(step.delayMs ?? 0, undefined, { signal });
    json(response, 200, completion.whole());
  } catch (error) {
    // The client hung up, or the server is closing: there is nobody to tell.
    if (!signal.aborted) throw error;
  }
}

async function stream(
  response: ServerResponse,
  completion: Completion,
  step: Step,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  // Each piece has its time from the beginning on: timers that come late, as they do on a busy machine, slow no model down.
  let dueAt = performance.now();
  for (const chunk of completion.chunks()) {
    dueAt += step.delayMs ?? 0;
    if (step.delayMs) await sleep(Math.max(0, dueAt - performance.now()), undefined, { signal });
    if (step.fail === 'cut' && isEnding(chunk)) {
      // What was written has to reach the client first, or it sees a refused request instead of a broken answer.
      await sleep(20, undefined, { signal });
      response.destroy();
      return;
    }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  }
  response.end('data: [DONE]\n\n');
}

function isEnding(chunk: object): boolean {
  const { choices } = chunk as { choices: { finish_reason: string | null }[] };
  return choices.some((choice) => choice.finish_reason !== null);
}

function toModel(id: string): object {
  return { id, object: 'model', created: 0, owned_by: 'skyflo' };
}

async function body<T extends z.ZodType>(request: IncomingMessage, schema: T): Promise<z.infer<T>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw new ProtocolError(400, 'invalid_json', 'the body is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ProtocolError(400, 'invalid_request', z.prettifyError(parsed.error));
  return parsed.data;
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function fail(response: ServerResponse, thrown: unknown): void {
  const error = thrown instanceof ProtocolError ? thrown : new ProtocolError(500, 'internal_error', String(thrown));
  if (response.headersSent) return void response.destroy();
  if (error.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(error.retryAfterSeconds));
  json(response, error.status, error.toBody());
}
