import { join } from 'node:path';

/** Where the stack keeps things below its data folder. */
export type StackLayout = ReturnType<typeof stackLayout>;

export function stackLayout(dataDir: string) {
  return {
    dataDir,
    /** What runs now, for people and scripts. */
    stackFile: join(dataDir, 'stack.json'),
    keys: join(dataDir, 'keys'),
    postgres: join(dataDir, 'postgres'),
    nats: join(dataDir, 'nats'),
    cluster: join(dataDir, 'cluster'),
    /** How far the sandbox is, for the tool-runner. */
    clusterStatus: join(dataDir, 'cluster-status.json'),
    helm: join(dataDir, 'helm'),
    logs: join(dataDir, 'logs'),
    /** One file per running process, by which a later start knows what was left behind. */
    run: join(dataDir, 'run'),
    logOf: (name: string) => join(dataDir, 'logs', `${name}.log`),
    pidFileOf: (name: string) => join(dataDir, 'run', `${name}.pid`),
  };
}
