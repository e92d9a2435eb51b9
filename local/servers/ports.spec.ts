import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { freePort, freePorts, isPortFree } from './ports.ts';

describe('free ports', () => {
  it('are given once', async () => {
    const ports = [...(await freePorts(100)), ...(await freePorts(100)), await freePort()];
    expect(new Set(ports).size).toBe(201);
  });

  it('are none that the system may take for a connection meanwhile', async () => {
    expect(Math.max(...(await freePorts(100)))).toBeLessThan(32_768);
  });

  it('can be listened on, and are then no longer free', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});
