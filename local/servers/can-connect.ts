import { once } from 'node:events';
import { createConnection } from 'node:net';

/** Whether somebody listens on this port of the loopback interface. */
export async function canConnect(port: number): Promise<boolean> {
  const socket = createConnection({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // Refused: nobody does, yet.
  } finally {
    socket.destroy();
  }
}
