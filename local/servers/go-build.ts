import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { acquireBuildLock } from './build-lock.ts';
import { runGo } from './go-command.ts';

/** A program and the pinned Go module that it is built from. */
export type GoModule = {
  readonly name: string;
  readonly version: string;
  /** Has go.mod and go.sum, and our main package where the upstream one cannot be used as it is. */
  readonly folder: string;
  readonly package: string;
  readonly ldflags: string;
  /** Minutes on two quiet cores with nothing cached: the first estimate. */
  readonly coldMinutes: number;
};

export type BuildProgress = {
  readonly name: string;
  readonly step: 'downloading' | 'compiling';
  /** Packages; `total` is 0 while downloading. */
  readonly done: number;
  readonly total: number;
  /** Whole minutes, at least 1. */
  readonly minutesLeft: number;
};

type BuildOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
};

const everyMs = 1_000;
const buildFlags = ['-trimpath', '-buildvcs=false', '-mod=readonly'];
// Linking follows the last package and prints nothing: as long as compiling this part of them.
const linkShare = 0.04;

/** Changes whenever another program would come out of the module. */
export async function moduleHash(module: GoModule): Promise<string> {
  const hash = createHash('sha256').update(`${module.package} ${module.ldflags} ${process.platform} ${process.arch}`);
  const files = (await readdir(module.folder)).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file)).toSorted();
  for (const file of files) hash.update(`\n${file}\n`).update(await readFile(join(module.folder, file)));
  return hash.digest('hex').slice(0, 12);
}

/**
 * Builds the module's program into `target`, or waits until the process that is at it has done so.
 * `target` appears complete or not at all.
 */
export async function buildFromModule(
  module: GoModule,
  target: string,
  { signal, onProgress }: BuildOptions,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  for (;;) {
    signal?.throwIfAborted();
    const lock = await acquireBuildLock(`${target}.lock`);
    if (lock.held) {
      try {
        if (existsSync(target)) return;
        const share = (progress: BuildProgress) => (lock.share(progress), onProgress?.(progress));
        await build(module, target, { signal, onProgress: share });
        return;
      } finally {
        await lock.release();
      }
    }
    if (lock.progress !== undefined) onProgress?.(lock.progress);
    await delay(everyMs, undefined, { ...(signal && { signal }) });
  }
}

async function build(module: GoModule, target: string, { signal, onProgress }: BuildOptions): Promise<void> {
  const startedAt = Date.now();
  const count = { done: 0, total: 0, all: 0 };
  const report = () => onProgress?.({ name: module.name, ...progress(module, count, Date.now() - startedAt) });
  const run = (verb: string, flags: string[], onLine?: () => void) =>
    runGo(module, [verb, ...buildFlags, `-ldflags=${module.ldflags}`, ...flags, module.package], { signal, onLine });
  const ticker = setInterval(report, everyMs);
  const temporary = `${target}.${process.pid}`;
  report();
  try {
    const isStale = (await run('list', ['-deps', '-f', '{{.Stale}}'])).trimEnd().split('\n');
    count.all = isStale.length;
    count.total = isStale.filter((line) => line === 'true').length;
    await run('build', ['-v', '-o', temporary], () => (count.done = Math.min(count.done + 1, count.total)));
    await rename(temporary, target);
  } finally {
    clearInterval(ticker);
    await rm(temporary, { force: true });
  }
}

/** Packages differ a hundredfold in size: the estimate starts from experience and moves over to what was measured. */
function progress(
  module: GoModule,
  { done, total, all }: { done: number; total: number; all: number },
  elapsedMs: number,
): Omit<BuildProgress, 'name'> {
  const share = total === 0 ? 0 : (done / total) * (1 - linkShare);
  const expectedMs = module.coldMinutes * 60_000 * (all === 0 ? 1 : total / all);
  const measuredMs = share === 0 ? expectedMs : elapsedMs / share;
  const wholeMs = measuredMs * share + Math.max(expectedMs, elapsedMs) * (1 - share);
  const minutesLeft = Math.max(1, Math.ceil((wholeMs - elapsedMs) / 60_000));
  return { step: all === 0 ? 'downloading' : 'compiling', done, total, minutesLeft };
}
