import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from '@skyflo/service-kit';
import type { NextFunction, Request, Response } from 'express';
import { ContractPipe } from './contract.pipe.ts';
import { HttpProblem } from './http-problem.ts';
import { serveOpenApi } from './openapi.ts';
import { ProblemFilter } from './problem.filter.ts';

export const apiPrefix = 'api/v1';

/**
 * What every request goes through, in this order, after the security headers that every service sets: so a body that is
 * refused is answered with them.
 */
export function configureHttp(app: NestExpressApplication): void {
  // The console and an ingress stand before us, on this machine or in a private network; theirs are the forwarded headers.
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');
  app.set('etag', false);
  app.setGlobalPrefix(apiPrefix, { exclude: ['mcp'] });
  app.use(neverStored);
  app.use(jsonOnly);
  app.useBodyParser('json', { limit: '256kb' });
  app.useGlobalPipes(new ContractPipe());
  app.useGlobalFilters(new ProblemFilter(app.get(Logger)));
  serveOpenApi(app, apiPrefix);
}

function neverStored(_request: Request, response: Response, next: NextFunction): void {
  response.set('Cache-Control', 'no-store');
  next();
}

/** A body of another kind would be ignored and then missed field by field. */
function jsonOnly(request: Request, _response: Response, next: NextFunction): void {
  if (request.is('json') === false && request.headers['content-length'] !== '0')
    throw new HttpProblem(415, 'NotJson', 'Bodies are JSON: set Content-Type to application/json.');
  next();
}
