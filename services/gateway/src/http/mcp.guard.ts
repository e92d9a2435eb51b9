import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@skyflo/service-kit';
import type { Request } from 'express';
import type { GatewayConfig } from '../config.ts';
import { comesFromElsewhere } from '../domain/own-origin.ts';
import { forbidden } from './http-problem.ts';

/**
 * MCP asks its servers to hold Origin, whatever the method and the credentials, and Host against what they are: a page that
 * got its own name to lead here must learn nothing (DNS rebinding).
 */
@Injectable()
export class McpGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: GatewayConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const { mcpHosts } = this.config;
    if (mcpHosts && !mcpHosts.includes(request.hostname.toLowerCase()))
      throw forbidden('ForeignHost', 'This server is not known by that name.');
    const origin = request.get('origin');
    if (comesFromElsewhere({ method: 'POST', host: request.host, origin, fetchSite: undefined }))
      throw forbidden('ForeignOrigin', 'This came from a page of another site.');
    return true;
  }
}
