/**
 * Owns the console's port. `/api` and `/mcp` are piped to the gateway as they are, byte by byte, so that event streams arrive
 * while they happen; everything else is the built SvelteKit application.
 *
 * WEB_PORT         port to listen on (default 8080)
 * WEB_HOST         address to listen on (default 127.0.0.1)
 * WEB_GATEWAY_URL  where the gateway is (default http://127.0.0.1:3000)
 */
import { createServer } from 'node:http';
import { setDefaultHeaders } from './server/headers.mjs';
import { createProxy } from './server/proxy.mjs';
import { refuseForeignOrigin } from './server/origin.mjs';

const port = Number(process.env['WEB_PORT'] ?? 8080);
const host = process.env['WEB_HOST'] ?? '127.0.0.1';
const gateway = new URL(process.env['WEB_GATEWAY_URL'] ?? 'http://127.0.0.1:3000');

// adapter-node takes the page's own scheme to be https unless a header says otherwise; it reads this at import.
process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto';
// By address, not by name: the build is there when this runs, not when the sources are checked.
/** @type {{ handler: import('node:http').RequestListener }} */
const { handler } = await import(new URL('./build/handler.js', import.meta.url).href);

const proxy = createProxy(gateway);

const server = createServer((request, response) => {
  setDefaultHeaders(response);
  request.headers['x-forwarded-proto'] ??= 'http';
  if (refuseForeignOrigin(request, response)) return;
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (isGateways(path)) proxy.pipe(request, response);
  else handler(request, response);
});

// Longer than ingresses keep an idle connection to us (60 s is usual): who closes first may lose a request that is on its way.
server.keepAliveTimeout = 75_000;

server.on('error', (error) => {
  console.error(`The console cannot listen on ${host}:${port}: ${error.message}`);
  process.exitCode = 1;
});

server.listen(port, host, () => console.log(`console: listening on http://${host}:${port}`));

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop);

/** Ends open streams (the browsers come back to whoever answers next), lets answers in hand finish, then the process ends. */
function stop() {
  server.close(() => process.exit(process.exitCode ?? 0));
  proxy.close();
  server.closeIdleConnections();
  const patienceMs = 5_000;
  setTimeout(() => server.closeAllConnections(), patienceMs).unref();
}

/** @param {string} path */
function isGateways(path) {
  return ['/api', '/mcp'].some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}
