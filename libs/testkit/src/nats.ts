import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  applyTopology,
  connectBus,
  generateNatsUser,
  generateServiceKey,
  loadIdentity,
  loadKeyRing,
  natsServerConfig,
  topology,
  type Bus,
  type BusLogger,
  type BusOptions,
  type ServiceKey,
} from '@skyflo/bus';
import { services, type ServiceName } from '@skyflo/contracts';
import { freePort, resolveBinary, startChild, type Child } from '@skyflo/local/servers';

export type TestNatsOptions = {
  /** Seconds of patience of the durables, scaled for tests of redelivery; default as in production. */
  readonly ackWaitMs?: number;
};

/** A nats-server of one suite's own, with the topology applied and a user and a signing key per service. */
export type TestNats = {
  readonly url: string;
  readonly adminSeed: string;
  readonly seeds: Readonly<Record<ServiceName, string>>;
  readonly signingKeys: Readonly<Record<ServiceName, string>>;
  /** The public keys of the users, by which the server names them. */
  readonly users: Readonly<Record<ServiceName, string>>;
  /** What the server has logged since it was started. */
  log(): Promise<string>;
  /** Everybody's key ring, as configuration holds it. */
  readonly publicKeysJson: string;
  /** Connects as a service; whoever connects closes. Logs nothing unless given a logger. */
  connect(service: ServiceName, options?: Partial<BusOptions>): Promise<Bus>;
  /** Kills the server, as a crash would, and starts it again on the same port with the same files. */
  restart(): Promise<void>;
  /** The same without the start; until `restart`, nothing answers. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

export const silentLogger: BusLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export async function startTestNats({ ackWaitMs }: TestNatsOptions = {}): Promise<TestNats> {
  const folder = await mkdtemp(join(tmpdir(), 'skyflo-nats-'));
  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  const users = perService(() => generateNatsUser());
  const admin = generateNatsUser();
  const keys = perService(generateServiceKey);
  const configFile = join(folder, 'nats.json');
  const config = { host: '127.0.0.1', port, storeDir: folder, admin: admin.publicKey };
  await writeFile(
    configFile,
    natsServerConfig({ ...config, users: perService((service) => users[service].publicKey) }),
    { mode: 0o600 },
  );
  let server = await startServer(folder, configFile);
  await applyTopology(url, admin.seed, { topology: topology(ackWaitMs === undefined ? {} : { ackWaitMs }) });

  const seeds = perService((service) => users[service].seed);
  const signingKeys = perService((service) => keys[service].signingKey);
  const publicKeysJson = toKeyRingJson(keys);
  return {
    url,
    adminSeed: admin.seed,
    seeds,
    signingKeys,
    users: perService((service) => users[service].publicKey),
    log: () => readFile(join(folder, 'nats.log'), 'utf8'),
    publicKeysJson,
    connect: (service, options = {}) =>
      connectBus({
        servers: url,
        seed: seeds[service],
        identity: loadIdentity({ service, signingKey: signingKeys[service] }),
        keyRing: loadKeyRing(publicKeysJson),
        logger: silentLogger,
        ...options,
      }),
    kill: async () => void (await server.stop({ graceMs: 0 })),
    restart: async () => {
      await server.stop({ graceMs: 0 });
      server = await startServer(folder, configFile);
    },
    stop: async () => {
      await server.stop({ graceMs: 0 });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(folder: string, configFile: string): Promise<Child> {
  const command = process.env['SKYFLO_TEST_NATS_SERVER'] ?? (await resolveBinary('nats-server'));
  return startChild({
    name: 'nats-server',
    command,
    argv0: 'nats-server',
    args: ['--config', configFile],
    logFile: join(folder, 'nats.log'),
  });
}

function toKeyRingJson(keys: Readonly<Record<ServiceName, ServiceKey>>): string {
  const entries = services.map((service) => [keys[service].kid, { service, publicKey: keys[service].publicKey }]);
  return JSON.stringify(Object.fromEntries(entries));
}

function perService<T>(make: (service: ServiceName) => T): Record<ServiceName, T> {
  return Object.fromEntries(services.map((service) => [service, make(service)])) as Record<ServiceName, T>;
}
