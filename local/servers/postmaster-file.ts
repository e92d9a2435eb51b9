import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLineOf } from './command-line.ts';

/**
 * Ends a postmaster that still runs on this data folder, because whoever started it was killed, and clears its
 * pid file away. Postgres refuses to start while the number in that file belongs to any process of the same user,
 * which after a restart of the machine it often does; so whether it is a postmaster of this folder is asked first.
 */
export async function stopLeftPostmaster(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = firstNumber(file);
  if (pid === undefined) return;
  if (isPostmasterOf(pid, data)) {
    process.kill(pid, 'SIGINT');
    for (let waited = 0; isPostmasterOf(pid, data); waited += 50) {
      if (waited === 10_000) process.kill(pid, 'SIGQUIT');
      if (waited > 20_000) throw new Error(`process ${pid} still uses ${data} and does not end`);
      await delay(50);
    }
  }
  rmSync(file, { force: true });
}

function firstNumber(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined; // The last one ended properly.
  }
}

function isPostmasterOf(pid: number, data: string): boolean {
  const words = commandLineOf(pid) ?? [];
  return words.some((word) => word.endsWith('/postgres')) && words.includes(data);
}
