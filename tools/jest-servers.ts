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

export type Started = { stop(): Promise<void> };
declare global {
  var skyfloTestServers: Started | undefined;
}

export default async function startServers(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'skyflo-test-'));
  const starting = await Promise.allSettled([postgres(folder), natsServer(), cluster(folder)]);
  const started = starting.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
  const stop = async () => {
    await Promise.all(started.map((one) => one.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const failed = starting.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  globalThis.skyfloTestServers = { stop };
}

async function postgres(folder: string): Promise<Started | undefined> {
  if (process.env['SKYFLO_TEST_POSTGRES_URL'] !== undefined) return undefined;
  const server = await startPostgres({
    folder: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    durable: false,
  });
  process.env['SKYFLO_TEST_POSTGRES_URL'] = server.url;
  return server;
}

async function cluster(folder: string): Promise<Started | undefined> {
  if (process.env['SKYFLO_TEST_KUBECONFIG'] !== undefined) return undefined;
  const started = await startCluster({
    dir: join(folder, 'cluster'),
    binaries: { binDir: process.env['SKYFLO_BIN_DIR'] },
    seed: false,
  });
  process.env['SKYFLO_TEST_KUBECONFIG'] = started.kubeconfig;
  process.env['SKYFLO_TEST_RUNNER_KUBECONFIG'] = started.runnerKubeconfig;
  process.env['SKYFLO_TEST_AUDIT_LOG'] = started.auditLog;
  return started;
}

async function natsServer(): Promise<undefined> {
  process.env['SKYFLO_TEST_NATS_SERVER'] ??= await resolveBinary('nats-server', {
    binDir: process.env['SKYFLO_BIN_DIR'],
  });
}
