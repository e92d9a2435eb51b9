import { Agent, request as send } from 'node:http';
import { pipeline } from 'node:stream';
import { answerProblem } from './problem.mjs';

// RFC 9110 §7.6.1: these belong to one connection, not to the message.
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * Pipes requests to the gateway and its answers back, without buffering. A client that goes away ends the request behind it;
 * a gateway that is away is a 503 that says when to come back.
 * @param {URL} gateway
 */
export function createProxy(gateway) {
  const agent = new Agent({ keepAlive: true });
  /** @type {Set<import('node:http').ServerResponse>} */
  const streams = new Set();

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  function pipe(request, response) {
    const upstream = send({
      agent,
      host: gateway.hostname,
      port: gateway.port || 80,
      method: request.method,
      path: request.url,
      headers: forwarded(request),
    });
    upstream.on('error', () => answerUnavailable(response));
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutHops(answer.headers));
      if (isStream(answer)) {
        streams.add(response);
        response.flushHeaders();
        response.socket?.setNoDelay(true);
      }
      // The pipeline destroys the other side when one of them ends early: a broken answer must not look complete.
      pipeline(answer, response, () => streams.delete(response));
    });
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  /** Ends what would never end by itself. */
  function close() {
    for (const response of streams) response.destroy();
    agent.destroy();
  }

  return { pipe, close };
}

/** @param {import('node:http').ServerResponse} response */
function answerUnavailable(response) {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  answerProblem(
    response,
    {
      status: 503,
      title: 'Gateway away',
      detail: 'Skyflo is starting or restarting. Try again in a moment.',
      code: 'GatewayUnavailable',
    },
    { 'retry-after': '1' },
  );
}

/** @param {import('node:http').IncomingMessage} request */
function forwarded(request) {
  return {
    ...withoutHops(request.headers),
    'x-forwarded-host': request.headers.host ?? '',
    'x-forwarded-for': request.socket.remoteAddress ?? '',
  };
}

/** @param {import('node:http').IncomingHttpHeaders} headers */
function withoutHops(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}

/** @param {import('node:http').IncomingMessage} answer */
function isStream(answer) {
  return answer.headers['content-type']?.startsWith('text/event-stream') ?? false;
}
