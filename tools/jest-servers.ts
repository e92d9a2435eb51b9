/**
 * What the integration suites share: one Postgres, one nats-server program, one cluster. Suites keep apart by database,
 * by server process and by namespace. A server whose address is already in the environment is used as it is.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../local/cluster/index.ts';
import { resolveBinary } from '../local/servers/binaries.ts';
import { startPostgres } from '../local/servers/postgres.ts';
import { onInterrupt } from './on-interrupt.ts';

export type Started = { stop(): Promise<void> };
declare global {
  var skyfloTestServers: Started | undefined;
}

export default async function startServers(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'skyflo-test-'));
  const stop = async () => {
    const ended = await Promise.allSettled(starting);
    await Promise.all(ended.map(async (one) => one.status === 'fulfilled' && (await one.value?.stop())));
    await rm(folder, { recursive: true, force: true });
  };
  const signal = onInterrupt(stop);
  const starting = [
    postgres(folder, signal),
    program('nats-server', signal),
    program('helm', signal),
    cluster(folder, signal),
  ];
  try {
    await Promise.all(starting);
  } catch (error) {
    await stop();
    throw error;
  }
  globalThis.skyfloTestServers = { stop };
}

async function postgres(folder: string, signal: AbortSignal): Promise<Started | undefined> {
  if (process.env['SKYFLO_TEST_POSTGRES_URL'] !== undefined) return undefined;
  const server = await startPostgres({
    folder: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    durable: false,
    signal,
  });
  process.env['SKYFLO_TEST_POSTGRES_URL'] = server.url;
  return server;
}

async function cluster(folder: string, signal: AbortSignal): Promise<Started | undefined> {
  if (process.env['SKYFLO_TEST_KUBECONFIG'] !== undefined) return undefined;
  const started = await startCluster({
    dir: join(folder, 'cluster'),
    binaries: { binDir: process.env['SKYFLO_BIN_DIR'] },
    seed: false,
    signal,
  });
  process.env['SKYFLO_TEST_KUBECONFIG'] = started.kubeconfig;
  process.env['SKYFLO_TEST_RUNNER_KUBECONFIG'] = started.runnerKubeconfig;
  process.env['SKYFLO_TEST_AUDIT_LOG'] = started.auditLog;
  return started;
}

/** One that suites start themselves: they find its path in the environment. */
async function program(name: 'nats-server' | 'helm', signal: AbortSignal): Promise<undefined> {
  const variable = name === 'helm' ? 'SKYFLO_TEST_HELM' : 'SKYFLO_TEST_NATS_SERVER';
  process.env[variable] ??= await resolveBinary(name, { binDir: process.env['SKYFLO_BIN_DIR'], signal });
}
