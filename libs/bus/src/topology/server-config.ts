import { services, type ServiceName } from '@skyflo/contracts';
import { permissionsOf } from './permissions.ts';

export type NatsServerOptions = {
  readonly host: string;
  readonly port: number;
  /** Where JetStream keeps its files. */
  readonly storeDir: string;
  /** Public keys as `generateNatsUser` makes them. */
  readonly users: Readonly<Record<ServiceName, string>>;
  /** May do everything; used by `applyTopology` only. */
  readonly admin: string;
  readonly pidFile?: string;
};

/**
 * The whole configuration of a nats-server, as JSON, which the server reads as it reads its own format. One user per
 * service with exactly the permissions the catalog gives it; no monitoring port, no system account, no password.
 */
export function natsServerConfig(options: NatsServerOptions): string {
  const users = [
    { nkey: options.admin, permissions: { publish: '>', subscribe: '>' } },
    ...services.map((service) => ({ nkey: options.users[service], permissions: permissionsOf(service) })),
  ];
  const config = {
    server_name: 'skyflo',
    host: options.host,
    port: options.port,
    ...(options.pidFile === undefined ? {} : { pid_file: options.pidFile }),
    jetstream: { store_dir: options.storeDir },
    authorization: { users },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
