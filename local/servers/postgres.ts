import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { freePort } from './ports.ts';
import { openFolderFor, postgresPrograms } from './postgres-programs.ts';
import type { PostgresPrograms, RootWay } from './postgres-programs.ts';
import { stopLeftPostmaster } from './postmaster-file.ts';
import { waitFor } from './wait-for.ts';

const run = promisify(execFile);
const superuser = 'postgres';
// A stop that waits for a checkpoint on a slow disk must not become a kill.
const stopMs = 20_000;

export type PostgresOptions = {
  /** Holds the data and the superuser's password; made when it is missing, found again when it is there. */
  readonly folder: string;
  readonly logFile: string;
  /** Default: any free one. */
  readonly port?: number;
  /** False for tests: a power cut may lose everything, and everything is several times faster. */
  readonly durable?: boolean;
  readonly signal?: AbortSignal;
  /** How to run as root; default: whichever works. */
  readonly asRoot?: RootWay;
};

export type Postgres = {
  /** The superuser's, of the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly child: Child;
  /** Disconnects everybody, writes everything to disk and ends. */
  stop(): Promise<void>;
};

/** Starts Postgres 18 on the loopback interface, with a password and without a socket in the file system. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const programs = await postgresPrograms(options.folder, options.asRoot);
  mkdirSync(programs.folder, { recursive: true, mode: 0o700 });
  programs.handOver(programs.folder);
  const data = join(programs.folder, 'data');
  const durable = options.durable ?? true;
  if (!existsSync(data)) await initialise(programs, data, durable);
  else await stopLeftPostmaster(data);

  const port = options.port ?? (await freePort());
  const child = await startChild({
    name: 'postgres',
    ...programs.command('postgres', ['-D', data, ...settings(port, durable)]),
    cwd: programs.folder,
    logFile: options.logFile,
  });
  const url = `postgres://${superuser}:${readFileSync(passwordFile(programs), 'utf8')}@127.0.0.1:${port}/postgres`;
  // SIGINT is Postgres' fast shutdown; SIGTERM would wait until every client has gone.
  const stop = async () => void (await child.stop({ with: 'SIGINT', graceMs: stopMs }));
  try {
    await waitFor(() => answers(url), {
      what: 'Postgres',
      timeoutMs: 30_000,
      child,
      signal: options.signal,
      everyMs: 25,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, port, child, stop };
}

/** Ends the server that a killed parent has left running on a folder, if there is one. */
export async function stopLeftPostgres(folder: string): Promise<void> {
  for (const kept of [folder, openFolderFor(folder)]) await stopLeftPostmaster(join(kept, 'data'));
}

/** Removes everything that `startPostgres` keeps for a folder. It must not be running. */
export function removePostgres(folder: string): void {
  for (const kept of [folder, openFolderFor(folder)]) rmSync(kept, { recursive: true, force: true });
}

function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // Five services with a small pool each, or as many test suites as there are cores.
    max_connections: 200,
    shared_buffers: '48MB',
    timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '512MB' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Made aside and renamed, so that a data folder is complete or not there. */
async function initialise(programs: PostgresPrograms, data: string, durable: boolean): Promise<void> {
  const aside = `${data}.new`;
  rmSync(aside, { recursive: true, force: true });
  const password = passwordFile(programs);
  rmSync(password, { force: true });
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  programs.handOver(password);
  const { command, args } = programs.command('initdb', [
    ...['-D', aside, '-U', superuser, `--pwfile=${password}`, '--auth=scram-sha-256', '--encoding=UTF8'],
    // The same order and case rules on every machine, whatever locales it has.
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ...(durable ? [] : ['--no-sync']),
  ]);
  await run(command, args, { cwd: programs.folder }).catch((error: Error & { stderr?: string }) => {
    throw new Error(`Postgres could not make its data folder: ${(error.stderr ?? error.message).trim()}`, {
      cause: error,
    });
  });
  chmodSync(aside, 0o700);
  renameSync(aside, data);
}

function passwordFile(programs: PostgresPrograms): string {
  return join(programs.folder, 'password');
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A server that is going down closes the connection under us; the next look will tell.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end();
  }
}
