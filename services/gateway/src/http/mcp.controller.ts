import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { All, Controller, Inject, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ensureFailure } from '@skyflo/contracts';
import { CONFIG, Logger } from '@skyflo/service-kit';
import type { Request, Response } from 'express';
import type { GatewayConfig } from '../config.ts';
import { ConversationAccess } from '../domain/conversation-access.ts';
import { ToolServer } from '../domain/tool-server.ts';
import { wantedToolsets } from '../domain/wanted-toolsets.ts';
import { TakesPersonalTokens } from './access.decorator.ts';
import { type Caller, CurrentCaller } from './caller.ts';
import { Callers } from './callers.ts';
import { McpGuard } from './mcp.guard.ts';

/**
 * The Model Context Protocol for other people's agents (Streamable HTTP). What is said is between client and tool-runner;
 * here it is settled who they are, and every byte is passed on as it comes. The client going away ends the request behind it.
 */
@ApiExcludeController()
@TakesPersonalTokens(true)
@UseGuards(McpGuard)
@Controller('mcp')
export class McpController {
  constructor(
    private readonly access: ConversationAccess,
    private readonly tools: ToolServer,
    private readonly callers: Callers,
    private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  @All()
  async handle(
    @CurrentCaller() asking: Caller,
    @Query('toolsets') toolsets: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { person, credential } = asking;
    const conversationId = await this.access.openForMcp(person);
    const { method } = request;
    const body = hasBody(request) ? JSON.stringify(request.body) : undefined;
    const caller = {
      person,
      conversationId,
      clientId: credential.id,
      ...(credential.kind === 'token' ? { scope: credential.scope } : {}),
      toolsets: wantedToolsets(toolsets),
    };
    const watch = this.watch(asking, gone);
    try {
      const answer = await this.tools.forward({ method, headers: forwarded(request, body), body, caller }, gone.signal);
      response.writeHead(answer.status, answer.headers);
      response.flushHeaders();
      await pipeline(Readable.from(answer.body, { objectMode: false }), response);
    } catch (error) {
      // Nobody is left to be told; and a broken answer must not look complete.
      if (gone.signal.aborted || response.headersSent) response.destroy();
      else throw ensureFailure(error);
    } finally {
      clearInterval(watch);
    }
  }

  /** A call may wait for a person for a quarter of an hour: if its token is revoked meanwhile, nobody is to have the answer. */
  private watch(caller: Caller, gone: AbortController): NodeJS.Timeout {
    const look = async () => {
      if (!(await this.callers.stands(caller))) gone.abort();
    };
    // A database that is away for a moment must not withdraw what waits for a person: the next look decides.
    const failed = (error: unknown) => this.logger.warn('whoever waits at /mcp could not be checked', { error });
    return setInterval(() => void look().catch(failed), this.config.heartbeatSeconds * 1_000);
  }
}

function hasBody(request: Request): boolean {
  return request.method === 'POST' && request.body !== undefined;
}

/** The client's own credentials stay here. */
function forwarded(request: Request, body: string | undefined): Record<string, string> {
  const pairs = Object.entries(request.headers).filter(
    (pair): pair is [string, string] =>
      typeof pair[1] === 'string' && (pair[0].startsWith('mcp-') || ['accept', 'last-event-id'].includes(pair[0])),
  );
  const length =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` };
  return { ...Object.fromEntries(pairs), ...length };
}
