import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { drained } from './drained.ts';

const more = Buffer.alloc(32 * 1_024 * 1_024);

describe('a reader that is behind', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** A response with more written to it than any socket takes at once, and its reader, which has not begun. */
  async function behind(): Promise<{ response: ServerResponse; reader: IncomingMessage }> {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const request = get({ host: '127.0.0.1', port }).on('error', () => undefined);
    const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    response.write(more);
    const [reader] = (await once(request, 'response')) as [IncomingMessage];
    reader.on('error', () => undefined);
    return { response, reader };
  }
  const never = new AbortController().signal;

  it('is waited for while it catches up', async () => {
    const { response, reader } = await behind();
    reader.resume();
    await drained(response, 5_000, never);
    expect(response.writableLength).toBe(0);
    expect(response.destroyed).toBe(false);
  });

  it('is cut off when it takes nothing', async () => {
    const { response } = await behind();
    await drained(response, 50, never);
    expect(response.destroyed).toBe(true);
  });

  it('is not waited for once the stream ends', async () => {
    const { response } = await behind();
    await expect(drained(response, 5_000, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
