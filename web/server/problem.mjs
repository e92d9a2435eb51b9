/**
 * Answers with an RFC 9457 problem document.
 * @param {import('node:http').ServerResponse} response
 * @param {{ status: number, title: string, detail: string, code: string }} problem
 * @param {Record<string, string>} [headers]
 */
export function answerProblem(response, problem, headers = {}) {
  const body = JSON.stringify({ type: 'about:blank', ...problem });
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(body);
}
