import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killLeftBehind } from '../servers/child.ts';
import { removePostgres, stopLeftPostgres } from '../servers/postgres.ts';
import { identityOf } from '../servers/process-identity.ts';
import type { StackLayout } from './layout.ts';
import { StartError } from './start-error.ts';

/** Makes the data folder this process's own until `release`; refuses while another supervisor lives in it. */
export function claimDataDir(layout: StackLayout): { readonly release: () => void } {
  const file = join(layout.dataDir, 'supervisor.pid');
  try {
    mkdirSync(layout.run, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StartError(`the data folder ${layout.dataDir} cannot be written`, { cause });
  }
  const own = identityOf(process.pid) ?? String(process.pid);
  for (;;) {
    try {
      writeFileSync(file, own, { flag: 'wx' });
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new StartError(`the data folder ${layout.dataDir} cannot be written`, { cause: error });
    }
    const holder = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const pid = Number.parseInt(holder, 10);
    if (holder !== '' && identityOf(pid) === holder)
      throw new StartError(
        `Skyflo already runs on ${layout.dataDir} (process ${pid}): stop it with Ctrl-C or "kill ${pid}" first`,
      );
    rmSync(file, { force: true });
  }
}

/**
 * Ends what a supervisor that was killed has left running. A process counts as ours only if number and start time are
 * those that were written down when it was started.
 */
export async function clearLeftBehind(layout: StackLayout): Promise<void> {
  const pidFiles = [layout.run, join(layout.cluster, 'run')].flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith('.pid'))
          .map((file) => join(folder, file))
      : [],
  );
  await Promise.all(pidFiles.map(killLeftBehind));
  await stopLeftPostgres(layout.postgres);
}

/** Deletes what the stack keeps, and nothing else that may lie in the same folder. Nothing of it may be running. */
export function resetDataDir(layout: StackLayout): void {
  removePostgres(layout.postgres);
  for (const kept of [layout.stackFile, layout.keys, layout.nats, layout.cluster, layout.clusterStatus, layout.logs])
    rmSync(kept, { recursive: true, force: true });
}
