import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { natsServerConfig } from '@skyflo/bus';
import { services } from '@skyflo/contracts';
import type { ServiceName } from '@skyflo/contracts';
import { startChild } from '../servers/child.ts';
import { canConnect } from '../servers/can-connect.ts';
import { startPostgres } from '../servers/postgres.ts';
import { waitFor } from '../servers/wait-for.ts';
import type { StackKeys } from './keys.ts';
import type { StackLayout } from './layout.ts';
import { entryOfService, nodeEnv, nodeFlags } from './services.ts';
import type { ProcessSpec } from './supervisor.ts';

const root = join(import.meta.dirname, '../..');
const fromSource = ['--conditions=@skyflo/source', '--import', join(root, 'tools/swc-hooks.mjs')];

type Place = { readonly layout: StackLayout; readonly port: number; readonly signal?: AbortSignal };

export function postgresSpec({ layout, port, signal }: Place, onUrl: (url: string) => void): ProcessSpec {
  return {
    name: 'postgres',
    port,
    stage: 0,
    start: async () => {
      const server = await startPostgres({
        folder: layout.postgres,
        logFile: layout.logOf('postgres'),
        port,
        ...(signal && { signal }),
      });
      onUrl(server.url);
      return server;
    },
  };
}

export function natsSpec(
  { layout, port, signal }: Place,
  { program, keys }: { program: string; keys: StackKeys },
): ProcessSpec {
  const config = join(layout.nats, 'nats-server.conf');
  return {
    name: 'nats-server',
    port,
    stage: 0,
    start: async () => {
      mkdirSync(layout.nats, { recursive: true, mode: 0o700 });
      writeFileSync(
        config,
        natsServerConfig({
          host: '127.0.0.1',
          port,
          storeDir: join(layout.nats, 'jetstream'),
          users: Object.fromEntries(services.map((name) => [name, keys.services[name].nats.publicKey])) as Record<
            ServiceName,
            string
          >,
          admin: keys.natsAdmin.publicKey,
        }),
        { mode: 0o600 },
      );
      return start(layout, { name: 'nats-server', command: program, args: ['--config', config] }, port, signal);
    },
  };
}

export function serviceSpec(
  service: ServiceName,
  { layout, port, signal }: Place,
  { env, preload }: { readonly env: Readonly<Record<string, string>>; readonly preload: string | undefined },
): ProcessSpec {
  const command = {
    name: service,
    command: process.execPath,
    args: [...nodeFlags, ...(preload === undefined ? [] : ['--import', preload]), entryOfService(service, 'main')],
    env: { ...nodeEnv, ...env },
  };
  return { name: service, port, stage: 1, start: () => start(layout, command, port, signal) };
}

export function modelSpec({ layout, port, signal }: Place): ProcessSpec {
  const command = {
    name: 'model',
    command: process.execPath,
    args: [...fromSource, join(root, 'local/model/main.ts')],
    env: { MODEL_PORT: String(port) },
  };
  return { name: 'model', port, stage: 2, start: () => start(layout, command, port, signal) };
}

export function consoleSpec({ layout, port, signal }: Place, gatewayPort: number): ProcessSpec {
  const command = {
    name: 'console',
    command: process.execPath,
    args: [...nodeFlags, join(root, 'web/server.mjs')],
    env: {
      ...nodeEnv,
      WEB_HOST: '127.0.0.1',
      WEB_PORT: String(port),
      WEB_GATEWAY_URL: `http://127.0.0.1:${gatewayPort}`,
    },
  };
  return { name: 'console', port, stage: 2, start: () => start(layout, command, port, signal) };
}

type Command = { name: string; command: string; args: readonly string[]; env?: Readonly<Record<string, string>> };

/** Starts it and waits until it listens; what never does is ended and told with the end of its log. */
async function start(layout: StackLayout, command: Command, port: number, signal: AbortSignal | undefined) {
  const { name } = command;
  const child = await startChild({
    ...command,
    cwd: root,
    logFile: layout.logOf(name),
    pidFile: layout.pidFileOf(name),
  });
  const stop = () => child.stop();
  try {
    await waitFor(() => canConnect(port), {
      what: `${name} to listen on port ${port}`,
      timeoutMs: 60_000,
      child,
      signal,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { child, stop };
}
