import { answerProblem } from './problem.mjs';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends its cookies along with requests that other sites made it send. What changes something and comes with cookies
 * must therefore name this very host as its origin. Scripts that send a token instead of cookies need no origin.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @returns {boolean} whether the request was answered here
 */
export function refuseForeignOrigin(request, response) {
  if (safe.has(request.method ?? 'GET') || request.headers.cookie === undefined || isOwn(request)) return false;
  request.resume();
  answerProblem(response, {
    status: 403,
    title: 'Foreign origin',
    detail: 'A request with cookies that changes something must come from this console itself.',
    code: 'ForeignOrigin',
  });
  return true;
}

/** @param {import('node:http').IncomingMessage} request */
function isOwn({ headers }) {
  const origin = headers.origin;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === headers.host;
}
