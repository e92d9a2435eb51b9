import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { GoModule } from './go-build.ts';

// Where Go's own installer puts it, which not every PATH names.
const usualFolder = '/usr/local/go/bin';
const lowPriority = 15;

type GoOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Each line of its error output, which is where `go build -v` names what it has compiled. */
  readonly onLine?: ((line: string) => void) | undefined;
};

/** Runs `go` in the module's folder at low priority and gives its output; its last words when it fails. */
export async function runGo(module: GoModule, args: readonly string[], { signal, onLine }: GoOptions): Promise<string> {
  const go = spawn('go', args, {
    cwd: module.folder,
    // Own group: an aborted build takes its compilers along.
    detached: true,
    env: {
      ...process.env,
      PATH: `${process.env['PATH'] ?? ''}${delimiter}${usualFolder}`,
      CGO_ENABLED: '0',
      GOWORK: 'off',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(go, 'close');
  const abort = () => go.exitCode === null && go.pid !== undefined && process.kill(-go.pid, 'SIGTERM');
  signal?.addEventListener('abort', abort, { once: true });
  const lastLines: string[] = [];
  createInterface(go.stderr).on('line', (line) => {
    onLine?.(line);
    if (lastLines.push(line) > 5) lastLines.shift();
  });
  const output = text(go.stdout);
  try {
    await once(go, 'spawn');
    if (go.pid !== undefined) setPriority(go.pid, lowPriority);
    const [code] = await closed;
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`${module.name} ${module.version} could not be built:\n${lastLines.join('\n')}`);
    return await output;
  } catch (error) {
    closed.catch(() => undefined); // The same error, which is thrown here.
    if (!isAbsent(error)) throw error;
    const message = `${module.name} ${module.version} has to be built and there is no go: install Go 1.26 or set SKYFLO_BIN_DIR to a folder that holds the program`;
    throw new Error(message, { cause: error });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
