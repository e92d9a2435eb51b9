import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, request as ask } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import type { ApiClient } from '../api-client.ts';
import type { ClusterFolder } from '../cluster-folder.ts';
import type { ClusterPorts } from '../programs.ts';
import { readContainer } from './read-container.ts';
import { protocol, serveExec, toExecCall } from './serve-exec.ts';

export type KubeletOptions = {
  readonly folder: ClusterFolder;
  readonly ports: ClusterPorts;
  /** For looking at pods; closed with the kubelet. */
  readonly api: ApiClient;
};

export type Kubelet = { stop(): Promise<void> };

const loopback = '127.0.0.1';

/**
 * The kubelet of all sandbox nodes, as far as the API server dials one: execs are played here by a handful of built-in
 * programs, everything else is handed to kwok. kwok's own exec would run on this machine, so it stays off.
 */
export async function startKubelet({ folder, ports, api }: KubeletOptions): Promise<Kubelet> {
  const [cert, key] = await Promise.all([readFile(folder.certificate), readFile(folder.certificateKey)]);
  const { fingerprint256 } = new X509Certificate(cert);
  const isApiServer = (socket: TLSSocket) => socket.getPeerX509Certificate()?.fingerprint256 === fingerprint256;
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });
  // The API server's certificate is its own authority's and made for servers: it is told by itself, not by a chain.
  const server = createServer({
    cert,
    key,
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  });
  server.on('request', (request, response) => {
    if (isApiServer(request.socket as TLSSocket)) handOn(request, response, ports.kwok);
    else response.writeHead(401).end('Unauthorized');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void upgrade(request, { socket, head, sockets, isApiServer, api });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(ports.kubelet, loopback, resolve);
  });
  return {
    stop: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      api.close();
    },
  };
}

type Upgrade = {
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly sockets: WebSocketServer;
  readonly isApiServer: (socket: TLSSocket) => boolean;
  readonly api: ApiClient;
};

async function upgrade(request: IncomingMessage, { socket, head, sockets, isApiServer, api }: Upgrade): Promise<void> {
  const refuse = (status: string) =>
    void socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  socket.on('error', () => socket.destroy());
  if (!isApiServer(request.socket as TLSSocket)) return refuse('401 Unauthorized');
  const call = toExecCall(request.url ?? '');
  if (!call) return refuse('404 Not Found');
  const container = await readContainer(api, call).catch(() => undefined);
  if (!container) return refuse('404 Not Found');
  sockets.handleUpgrade(request, socket, head, (open) => void serveExec(open, call, container));
}

function handOn(request: IncomingMessage, response: ServerResponse, port: number): void {
  const onward = ask(
    {
      host: loopback,
      port,
      path: request.url,
      method: request.method,
      headers: request.headers,
      rejectUnauthorized: false,
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end('kwok is away')));
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
