import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { refuseForeignOrigin } from '../server/origin.mjs';
import { createProxy } from '../server/proxy.mjs';

const servers: Server[] = [];

async function listen(handler: RequestListener): Promise<number> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The console's port in front of a gateway that does as told. */
async function aConsole(
  gateway: RequestListener | 'away',
): Promise<{ url: string; proxy: ReturnType<typeof createProxy> }> {
  const gatewayPort = gateway === 'away' ? 1 : await listen(gateway);
  const proxy = createProxy(new URL(`http://127.0.0.1:${gatewayPort}`));
  const port = await listen((request, response) => {
    if (!refuseForeignOrigin(request, response)) proxy.pipe(request, response);
  });
  return { url: `http://127.0.0.1:${port}`, proxy };
}

function post(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    send(url, { method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end('{}');
  });
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('the console’s port', () => {
  it('hands on path, method, body, cookies and the answer’s own headers', async () => {
    const { url } = await aConsole((request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      void readAll(request).then((body) =>
        response.end(`${request.method} ${request.url} ${body} ${request.headers.cookie}`),
      );
    });
    const answer = await fetch(`${url}/api/v1/x?y=1`, {
      method: 'POST',
      body: 'hello',
      headers: { cookie: 's=1', origin: url },
    });
    expect(await answer.text()).toBe('POST /api/v1/x?y=1 hello s=1');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('lets events through while the stream is open', async () => {
    const { url } = await aConsole((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const answer = await fetch(`${url}/api/v1/events`);
    const first = await answer.body?.getReader().read();
    expect(new TextDecoder().decode(first?.value)).toBe('data: 1\n\n');
  });

  it('ends the request behind a client that went away', async () => {
    const gone = Promise.withResolvers<boolean>();
    const { url } = await aConsole((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      response.on('close', () => gone.resolve(true));
    });
    const leaving = new AbortController();
    await fetch(`${url}/api/v1/events`, { signal: leaving.signal });
    leaving.abort();
    expect(await gone.promise).toBe(true);
  });

  it('cuts off its client when the gateway breaks in the middle of an answer', async () => {
    const { url } = await aConsole((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n', () => response.destroy());
    });
    const answer = await fetch(`${url}/api/v1/events`);
    await expect(answer.text()).rejects.toThrow();
  });

  it('ends streams when it closes', async () => {
    const { url, proxy } = await aConsole((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const answer = await fetch(`${url}/api/v1/events`);
    proxy.close();
    await expect(answer.text()).rejects.toThrow();
  });

  it('answers 503 with a problem document and a hint when the gateway is away', async () => {
    const { url } = await aConsole('away');
    const answer = await fetch(`${url}/api/v1/auth/me`);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
      503,
      'application/problem+json',
      '1',
    ]);
    expect(await answer.json()).toMatchObject({ status: 503, code: 'GatewayUnavailable' });
  });
});

describe('requests that change something', () => {
  const ok: RequestListener = (request, response) => {
    request.resume();
    response.end('ok');
  };

  it('are refused with cookies from another origin, or from none', async () => {
    const { url } = await aConsole(ok);
    expect(await post(url, { cookie: 's=1', origin: 'https://evil.example' })).toBe(403);
    expect(await post(url, { cookie: 's=1', origin: 'null' })).toBe(403);
    expect(await post(url, { cookie: 's=1' })).toBe(403);
  });

  it('pass with cookies from the console itself, and with a token from anywhere', async () => {
    const { url } = await aConsole(ok);
    expect(await post(url, { cookie: 's=1', origin: url })).toBe(200);
    expect(await post(url, { authorization: 'Bearer x' })).toBe(200);
  });
});

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
