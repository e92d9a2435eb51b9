import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { BuildProgress } from './go-build.ts';
import { identityOf } from './process-identity.ts';

type LockFile = { readonly holder: string; readonly progress?: BuildProgress };

export type BuildLock =
  | { readonly held: true; share(progress: BuildProgress): void; release(): Promise<void> }
  | { readonly held: false; readonly progress: BuildProgress | undefined };

/**
 * One try to become the builder. The file names the holder and how far it has come, which the others show.
 * The lock of a process that has died is broken; two that break it at the same moment may both build,
 * which costs time and harms nothing.
 */
export async function acquireBuildLock(path: string): Promise<BuildLock> {
  const holder = identityOf(process.pid) ?? String(process.pid);
  // Written aside and linked, so that nobody ever sees a lock without its holder in it.
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, JSON.stringify({ holder } satisfies LockFile));
  try {
    await link(aside, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const found = await readLock(path);
    if (found !== undefined && identityOf(Number.parseInt(found.holder, 10)) !== found.holder)
      await rm(path, { force: true });
    return { held: false, progress: found?.progress };
  } finally {
    await rm(aside, { force: true });
  }
  let writing: Promise<void> = Promise.resolve();
  const write = async (progress: BuildProgress) => {
    await writeFile(`${path}.new`, JSON.stringify({ holder, progress } satisfies LockFile));
    await rename(`${path}.new`, path);
  };
  return {
    held: true,
    // What others are shown may be a second old: a failed write is not worth a failed build.
    share: (progress) => void (writing = writing.then(() => write(progress)).catch(() => undefined)),
    release: async () => {
      await writing;
      await rm(path, { force: true });
    },
  };
}

async function readLock(path: string): Promise<LockFile | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockFile;
  } catch {
    return undefined; // Just released: the next try will see.
  }
}
