import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { comesFromElsewhere } from '../domain/own-origin.ts';
import { forbidden } from './http-problem.ts';
import { isHttp } from './is-http.ts';

/**
 * Keeps other sites' pages from riding on cookies. A request with an Authorization header is beyond their reach (browsers
 * ask first, and nobody here says yes). Sign-in is guarded too: nobody is to be signed in as somebody else unawares.
 */
@Injectable()
export class OriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (!isHttp(context)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    if (request.headers.authorization !== undefined) return true;
    const provenance = {
      method: request.method,
      host: request.host,
      origin: request.get('origin'),
      fetchSite: request.get('sec-fetch-site'),
    };
    if (comesFromElsewhere(provenance)) throw forbidden('ForeignOrigin', 'This came from a page of another site.');
    return true;
  }
}
