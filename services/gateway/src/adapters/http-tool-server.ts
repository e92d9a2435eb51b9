import { Agent, type IncomingMessage, request as send } from 'node:http';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { loadIdentity, mintCallerToken } from '@skyflo/bus';
import { Failure } from '@skyflo/contracts';
import { Clock, CONFIG } from '@skyflo/service-kit';
import type { GatewayConfig } from '../config.ts';
import { type McpAnswer, type McpRequest, ToolServer } from '../domain/tool-server.ts';

/** What of an answer is the client's business; the rest belongs to the connection between us. */
const passedBack = ['content-type', 'allow', 'mcp-session-id', 'mcp-protocol-version', 'retry-after'];

/** Speaks to the tool-runner's own port with a token that is good for a minute: it need not outlast the answer. */
@Injectable()
export class HttpToolServer extends ToolServer implements BeforeApplicationShutdown {
  // fetch gives up on an answer that is silent for five minutes; a person may take longer to decide.
  private readonly agent = new Agent({ keepAlive: true });
  private readonly identity;

  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {
    super();
    this.identity = loadIdentity({ service: 'gateway', signingKey: config.signingKey });
  }

  override async forward({ method, headers, body, caller }: McpRequest, signal: AbortSignal): Promise<McpAnswer> {
    const now = this.clock.now();
    const token = mintCallerToken(this.identity, { claims: caller, audience: 'tool-runner', now });
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const upstream = send(new URL('/mcp', this.config.toolRunnerUrl), {
      agent: this.agent,
      method,
      signal,
      headers: { ...headers, authorization: `Bearer ${token}` },
    });
    upstream.on('response', resolve).on('error', reject).end(body);
    const answer = await promise.catch((cause: unknown) => {
      throw Failure.retryable('ToolRunnerUnavailable', 'The tools cannot be reached.', { cause });
    });
    return { status: answer.statusCode ?? 502, headers: kept(answer), body: answer };
  }

  beforeApplicationShutdown(): void {
    this.agent.destroy();
  }
}

function kept({ headers }: IncomingMessage): Record<string, string> {
  const pairs = passedBack.map((name) => [name, headers[name]] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
