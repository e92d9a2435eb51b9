import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import { newId } from '@skyflo/contracts';
import { Logger } from '@skyflo/service-kit';
import type { Request, Response } from 'express';
import { methodsAt } from './methods-at.ts';
import { HttpProblem } from './http-problem.ts';
import { toHttpProblem, toProblemDocument } from './to-http-problem.ts';

/** Every error of every request ends here: logged if it is ours, answered as a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = thrown instanceof NotFoundException ? unmatched(request) : toHttpProblem(thrown);
    const document = toProblemDocument(problem, `urn:uuid:${newId()}`);
    const about = { instance: document.instance, method: request.method, path: pathOf(request), code: problem.code };
    if (problem.status === 503) this.logger.warn('request could not be served', { ...about, error: problem.message });
    else if (problem.status >= 500) this.logger.error('request failed', { ...about, error: thrown });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problem.status)
      .set(problem.members.headers ?? {})
      .type('application/problem+json')
      .send(JSON.stringify(document));
  }
}

/** Nest found no route. An address that answers to other methods is no 404. */
function unmatched(request: Request): HttpProblem {
  const allowed = methodsAt(request.app, pathOf(request));
  if (allowed.length === 0) return new HttpProblem(404, 'NotFound', 'There is nothing at this address.');
  return new HttpProblem(405, 'MethodNotAllowed', `This address answers to ${allowed.join(', ')} only.`, {
    headers: { Allow: allowed.join(', ') },
  });
}

/** Whole, whatever router the request has got to. */
function pathOf(request: Request): string {
  return request.originalUrl.split('?', 1)[0] ?? '';
}
