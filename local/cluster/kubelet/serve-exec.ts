import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Container } from './container.ts';
import { play } from './programs.ts';

export const protocol = 'v4.channel.k8s.io';
const channels = { stdout: 1, stderr: 2, status: 3 } as const;

export type ExecCall = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
};
const Words = z.tuple([z.string(), z.string(), z.string()]);

/** `/exec/<namespace>/<pod>/<container>?command=…`, as the API server asks a kubelet. */
export function toExecCall(url: string): ExecCall | undefined {
  const { pathname, searchParams } = new URL(url, 'https://kubelet');
  if (!pathname.startsWith('/exec/')) return undefined;
  const words = Words.safeParse(pathname.slice('/exec/'.length).split('/').map(decodeURIComponent));
  if (!words.success) return undefined;
  const [namespace, pod, container] = words.data;
  return { namespace, pod, container, command: searchParams.getAll('command') };
}

/** Plays the program, sends what it prints and then how it ended, as kubelets do. Ends with the connection. */
export async function serveExec(socket: WebSocket, { command }: ExecCall, container: Container): Promise<void> {
  const gone = new AbortController();
  socket.on('close', () => gone.abort());
  const send = (channel: number, text: string) =>
    socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text, 'utf8')]));
  const played = await play(command, container, gone.signal).catch(() => undefined);
  if (!played || gone.signal.aborted) return;
  if ('notFound' in played) {
    const message = `exec: "${played.notFound}": executable file not found in $PATH`;
    send(
      channels.status,
      JSON.stringify({ metadata: {}, status: 'Failure', reason: 'InternalError', code: 500, message }),
    );
  } else {
    if (played.stdout !== '') send(channels.stdout, played.stdout);
    if (played.stderr !== '') send(channels.stderr, played.stderr);
    send(channels.status, JSON.stringify(statusOf(played.exitCode)));
  }
  socket.close(1000);
}

function statusOf(exitCode: number) {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}
