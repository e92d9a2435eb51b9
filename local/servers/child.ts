import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from './process-identity.ts';

const inherited = ['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG', 'TZ'];
const keptLogBytes = 8 * 1024 * 1024;

export type ChildOptions = {
  /** The name people know it by, as in stack.json. */
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to PATH, HOME, USER, TMPDIR, LANG and TZ; nothing else of our own environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Both outputs are appended here; the folder is made. At 8 MiB a start moves it to `<logFile>.1`. */
  readonly logFile: string;
  /** What the program is told it is called, for programs that are several in one. */
  readonly argv0?: string;
  /**
   * Where the process is written down while it runs. A process that a killed parent left behind
   * under the same file is killed before the new one starts.
   */
  readonly pidFile?: string;
};

export type ChildExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A server process of ours: it never outlives `stop`, and its end is never missed. */
export type Child = {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves once, however it ended; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Set as soon as it has ended. */
  readonly exit: ChildExit | undefined;
  /**
   * Ends it and waits for that: SIGTERM (or `with`), after `graceMs` (default 5 s, 0 = at once) SIGKILL
   * to it and whatever it started. A second call waits for the same end.
   */
  stop(options?: { readonly graceMs?: number; readonly with?: NodeJS.Signals }): Promise<ChildExit>;
};

/**
 * Starts a program as the leader of its own process group, so that Ctrl-C in the terminal reaches the
 * supervisor only, which then stops its children in order. Rejects when the program cannot be started.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  if (options.pidFile !== undefined) await killLeftBehind(options.pidFile);
  const log = openLog(options.logFile);
  const process_ = spawn(options.command, options.args ?? [], {
    argv0: options.argv0 ?? options.command,
    cwd: options.cwd,
    detached: true,
    env: { ...inheritedEnv(), ...options.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let exit: ChildExit | undefined;
  const exited = new Promise<ChildExit>((resolve) => {
    process_.once('exit', (code, signal) => {
      exit = { code, signal };
      if (options.pidFile !== undefined) forget(options.pidFile, process_.pid);
      resolve(exit);
    });
  });
  await once(process_, 'spawn');
  const pid = process_.pid ?? 0;
  if (options.pidFile !== undefined && exit === undefined) {
    writeFileSync(options.pidFile, `${identityOf(pid)}\n${identityOf(process.pid)}`);
  }

  const stop: Child['stop'] = async ({ graceMs = 5_000, with: first = 'SIGTERM' } = {}) => {
    if (exit === undefined && graceMs > 0) {
      signalProcess(pid, first);
      await Promise.race([exited, delay(graceMs, undefined, { ref: false })]);
    }
    if (exit === undefined) signalProcess(-pid, 'SIGKILL');
    return exited;
  };
  return {
    name: options.name,
    pid,
    logFile: options.logFile,
    exited,
    get exit() {
      return exit;
    },
    stop,
  };
}

/** The end of a child's log, for messages to people. */
export function lastLogLines(logFile: string, count = 5): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '(no log)'; // It ended before it wrote any.
  }
}

function inheritedEnv(): Record<string, string> {
  return Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > keptLogBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime, which is what was wanted.
  }
}

/** Removes the pid file of a process that has ended, unless the next one has put its own there already. */
function forget(pidFile: string, pid: number | undefined): void {
  try {
    if (Number.parseInt(readFileSync(pidFile, 'utf8'), 10) === pid) rmSync(pidFile, { force: true });
  } catch {
    return; // There is none: nothing to remove.
  }
}

/**
 * Kills the process that a killed parent has left behind under this file, and waits for its end. Rejects
 * when the parent still lives: then the process is in use.
 */
export async function killLeftBehind(pidFile: string): Promise<void> {
  let text = '';
  try {
    text = readFileSync(pidFile, 'utf8');
  } catch {
    return; // The last one ended properly.
  }
  const [identity = '', parent = ''] = text.split('\n');
  const [pid, parentPid] = [Number.parseInt(identity, 10), Number.parseInt(parent, 10)];
  if (identity !== '' && identityOf(pid) === identity) {
    if (parentPid !== process.pid && identityOf(parentPid) === parent) {
      throw new Error(`${dirname(pidFile)} is in use by process ${parentPid}: stop that one first`);
    }
    signalProcess(-pid, 'SIGKILL');
    while (identityOf(pid) === identity) await delay(20);
  }
  rmSync(pidFile, { force: true });
}
