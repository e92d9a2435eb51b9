import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Failure } from '@skyflo/contracts';

type Bounds = {
  readonly cwd: string;
  /** All of it: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
};
export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/**
 * Runs a program with a list of arguments, never through a shell, in a process group of its own, which is killed as one when
 * the signal says so or it prints more than it may: whatever it started goes with it.
 */
export async function runProgram(file: string, args: readonly string[], bounds: Bounds): Promise<Ended> {
  const { cwd, env, signal, maxBytes } = bounds;
  signal.throwIfAborted();
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const kill = () => killGroup(child.pid);
  signal.addEventListener('abort', kill, { once: true });
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let bytes = 0;
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) kill();
      else output[name].push(chunk);
    });
  try {
    await closed;
  } finally {
    signal.removeEventListener('abort', kill);
  }
  signal.throwIfAborted();
  if (bytes > maxBytes) throw Failure.terminal('TooMuchOutput', `The program printed more than ${maxBytes} bytes.`);
  return { code: child.exitCode, stdout: textOf(output.stdout), stderr: textOf(output.stderr) };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself just now.
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
