import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { World } from './a-world.ts';

const root = new URL('../../../', import.meta.url);
const args = ['--conditions=@skyflo/source', '--import', './tools/swc-hooks.mjs', 'services/planner/src/main.ts'];

/** A planner as in production: a process, which no other shares anything with. */
export function startPlanner(world: World, over: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...world.env(over) }, stdio: 'inherit' });
}

/** Resolves when it is gone. */
export async function end(planner: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const exited = once(planner, 'exit');
  planner.kill(signal);
  await exited;
}
