import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, InMemoryServerEventBus } from '@modelcontextprotocol/server';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ensureFailure } from '@skyflo/contracts';
import { Logger } from '@skyflo/service-kit';
import { type Caller, Callers } from '../domain/callers.ts';
import { toolNamed } from '../tools/index.ts';
import { McpTools, toAuthInfo } from './mcp-tools.ts';

const maxRequestBodySize = 256 * 1024;

/**
 * The Model Context Protocol on this service's own port, for the gateway: it knows who people are, and vouches for them with a
 * token per request. Each request gets a server of its own, so nothing of one caller is there for another.
 */
@Injectable()
export class McpEndpoint implements BeforeApplicationShutdown {
  private readonly waiting;
  private readonly prompt;

  constructor(
    private readonly callers: Callers,
    private readonly logger: Logger,
    tools: McpTools,
  ) {
    const onerror = (error: Error) => this.logger.warn('MCP request could not be served', { error: error.message });
    const bus = new InMemoryServerEventBus();
    const listChanged = () => bus.publish({ kind: 'tools_list_changed' });
    const open = (responseMode: 'auto' | 'sse') => {
      const handler = createMcpHandler(({ authInfo, era }) => tools.serverFor({ authInfo, era, listChanged }), {
        responseMode,
        maxRequestBodySize,
        onerror,
        bus,
      });
      return { handler, answer: toNodeHandler(handler, { maxRequestBodySize, onerror }) };
    };
    // A stream from the first: an answer that waits for a person must not look dead to what stands in between.
    this.waiting = open('sse');
    // In one piece, with the status that fits it.
    this.prompt = open('auto');
  }

  readonly handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const caller = this.identify(request);
    if (!caller) return refuse(request, response);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const asked = Object.assign(request, { auth: toAuthInfo({ caller, gone: gone.signal }) });
    // Nothing but exactOptionalPropertyTypes stands between the two types.
    const { answer } = mayWait(request) ? this.waiting : this.prompt;
    await answer(asked as Parameters<typeof answer>[0], response);
  };

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.waiting.handler.close(), this.prompt.handler.close()]);
  }

  private identify({ headers, socket, method }: IncomingMessage): Caller | undefined {
    const [, token] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    try {
      return this.callers.identify(token ?? '');
    } catch (error) {
      const { code, message } = ensureFailure(error);
      this.logger.warn('refused a request without a good caller token', {
        code: token === undefined ? 'CallerTokenMissing' : code,
        error: message,
        from: socket.remoteAddress,
        method,
      });
      return undefined;
    }
  }
}

/** Calls of our tools, and whatever clients of 2025 ask, who do not say in the headers what it is. */
function mayWait({ headers }: IncomingMessage): boolean {
  const { 'mcp-method': method, 'mcp-name': name } = headers;
  if (method === undefined) return true;
  return method === 'tools/call' && (typeof name !== 'string' || toolNamed(name) !== undefined);
}

/** Why is for the log: whoever comes here is no client, and those who try learn nothing. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const problem = {
    type: 'about:blank',
    title: 'Unauthorized',
    status: 401,
    code: 'CallerTokenNeeded',
    detail: 'This port answers the gateway only: use its /mcp.',
  };
  response
    .writeHead(401, {
      'content-type': 'application/problem+json',
      'www-authenticate': 'Bearer realm="skyflo-internal"',
    })
    .end(JSON.stringify(problem));
}
