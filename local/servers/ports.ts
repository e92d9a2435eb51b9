import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports that systems take for connections of their own (Linux from 32768, macOS from 49152): such a connection could
// have ours by the time somebody listens on it.
const first = 15_000;
const last = 32_000;
const mostTries = 1_000;

const given = new Set<number>();

/**
 * Ports of the loopback interface that nobody listens on just now; all different, and none that was given before in this
 * process: between here and the listening there are seconds.
 */
export async function freePorts(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, freePort));
}

/** One such port. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = first + Math.floor(Math.random() * (last - first));
    if (given.has(port)) continue;
    given.add(port);
    if (await isPortFree(port)) return port;
  }
  throw new Error(`no port of the loopback interface between ${first} and ${last} is free`);
}

/** Whether somebody could listen on this port of the loopback interface. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false; // EADDRINUSE or EACCES: either way not for us.
  } finally {
    server.close();
  }
}
