import 'reflect-metadata';
import type { Bus } from '@skyflo/bus';
import type { DataOf, EventDefinition, ServiceName } from '@skyflo/contracts';
import { bootService } from '@skyflo/service-kit';
import { createTestDatabase, serviceEnv, speaker, startTestNats } from '@skyflo/testkit';
import { migrate } from '@skyflo/store';
import { DataSource } from 'typeorm';
import { migrations } from '../src/adapters/migrations/index.ts';
import { PersonEntity } from '../src/adapters/person.entity.ts';
import { loadConfig } from '../src/config.ts';
import { GatewayModule } from '../src/gateway.module.ts';
import { configureHttp } from '../src/http/configure-http.ts';

export const setupToken = 'the-set-up-token-of-the-tests';
export const tokenKey = 'a key that is at least thirty-two bytes long';
export const heartbeatMs = 200;

export type Answered = { readonly status: number; readonly body: never; readonly headers: Headers };
export type Asking = {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A gateway in this process on real servers, and the other services' places at the bus, to be taken as a test needs them. */
export async function aGateway(env: NodeJS.ProcessEnv = {}) {
  const [database, nats] = await Promise.all([createTestDatabase(), startTestNats()]);
  await migrate({ url: database.urlFor('gateway'), schema: 'gateway', migrations });
  const configOf = (port: number) =>
    loadConfig({
      ...serviceEnv('gateway', { database, nats, port }),
      GATEWAY_TOKEN_KEY: tokenKey,
      GATEWAY_SETUP_TOKEN: setupToken,
      GATEWAY_COOKIE_SECURE: 'false',
      GATEWAY_TOOL_RUNNER_URL: 'http://127.0.0.1:9',
      GATEWAY_HEARTBEAT_SECONDS: String(heartbeatMs / 1_000),
      ...env,
    });
  const boot = async (port: number) =>
    bootService({
      service: 'gateway',
      ownsProcess: false,
      config: configOf(port),
      migrations,
      entities: [PersonEntity],
      module: GatewayModule,
      http: configureHttp,
    });
  const stopServers = () => Promise.all([database.drop(), nats.stop()]);
  let running = await boot(0).catch(async (error: unknown) => {
    await stopServers();
    throw error;
  });
  const { port } = running;
  const buses: Bus[] = [];
  const url = `http://127.0.0.1:${port}`;
  const sql = async (text: string, params: readonly unknown[] = []): Promise<unknown[]> => {
    const options = { type: 'postgres', url: database.urlFor('gateway') } as const;
    const source = await new DataSource({ ...options, extra: { options: '-c search_path=gateway' } }).initialize();
    try {
      const answer: unknown = await source.query(text, [...params]);
      return Array.isArray(answer) ? answer : [];
    } finally {
      await source.destroy();
    }
  };

  return {
    url,
    nats,
    /** Statements on the gateway's own schema, for what no route does or tells. */
    sql,
    /** Resolves when the gateway knows that the run is over. */
    async untilCompleted(runId: string): Promise<void> {
      const completed = async () =>
        (await sql('select 1 from runs where id = $1 and completed_at is not null', [runId])).length;
      while ((await completed()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    /** A place at the bus under a service's own user and key. */
    async busOf(service: ServiceName): Promise<Bus> {
      const bus = await nats.connect(service);
      buses.push(bus);
      return bus;
    },
    async call(method: string, path: string, { token, body, raw, headers }: Asking = {}): Promise<Answered> {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined && raw === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: (text === '' ? undefined : JSON.parse(text)) as never,
        headers: response.headers,
      };
    },
    stop: () => running.close(),
    async start(): Promise<void> {
      running = await boot(port);
    },
    async close(): Promise<void> {
      await running.close();
      await Promise.all(buses.map((bus) => bus.close()));
      await stopServers();
    },
  };
}
export type Gateway = Awaited<ReturnType<typeof aGateway>>;

/** Says events of a run; by default with the service's own key. */
export function speakerOf(gateway: Gateway, bus: Bus, signingKey = gateway.nats.signingKeys[bus.service]) {
  const say = speaker(bus, signingKey);
  return <E extends EventDefinition>(event: E, conversationId: string, runId: string, data: DataOf<E>) =>
    say(event, { conversationId, runId, data });
}
