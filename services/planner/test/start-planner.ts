import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { World } from './a-world.ts';

const root = join(import.meta.dirname, '../../..');

/** The planner's program: from its sources, but in one piece, because the processes of a suite are many. */
export async function buildPlanner() {
  const folder = await mkdtemp(join(tmpdir(), 'skyflo-planner-'));
  await promisify(execFile)(process.execPath, ['tools/bundle.mjs', 'services/planner/src/main.ts', folder], {
    cwd: root,
  });
  return {
    /** A planner as in production: a process, which no other shares anything with. */
    start: (world: World, over: NodeJS.ProcessEnv = {}): ChildProcess =>
      spawn(process.execPath, ['--enable-source-maps', join(folder, 'main.js')], {
        cwd: root,
        env: { ...process.env, NODE_OPTIONS: '', ...world.env(over) },
        stdio: 'inherit',
      }),
    remove: () => rm(folder, { recursive: true }),
  };
}
export type PlannerProgram = Awaited<ReturnType<typeof buildPlanner>>;

/** Resolves when it is gone. */
export async function end(planner: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const exited = once(planner, 'exit');
  planner.kill(signal);
  await exited;
}
