import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServiceName } from '@skyflo/contracts';
import { pidOf } from '../running.ts';

const root = join(import.meta.dirname, '../..');

/** A second process of a service, as a cluster runs several: configured like the first, on a port of its own, struck by no fault. */
export async function startReplica(service: ServiceName): Promise<{ stop(): Promise<void> }> {
  const variables = readFileSync(`/proc/${await pidOf(service)}/environ`, 'utf8')
    .split('\0')
    .filter(Boolean);
  const env = Object.fromEntries(variables.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
  const prefix = service.toUpperCase().replaceAll('-', '_');
  const child = spawn(process.execPath, [join(root, 'services', service, 'build/main.js')], {
    // Under the first one's name it would take that one for dead and its leases for its own.
    env: { ...env, [`${prefix}_PORT`]: '0', [`${prefix}_REPLICA`]: 'second', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((ready, failed) => {
    lines.on('line', (line) => line.includes('"message":"ready"') && ready());
    void exited.then(() => failed(new Error(`the replica of ${service} ended before it was ready`)));
  });
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
