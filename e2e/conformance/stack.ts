import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/server';
import { Injectable, Module } from '@nestjs/common';
import { bootService } from '@skyflo/service-kit';
import { migrate } from '@skyflo/store';
import { createTestDatabase, serviceEnv, startTestNats } from '@skyflo/testkit';
import { migrations as gatewayMigrations } from '../../services/gateway/src/adapters/migrations/index.ts';
import { PersonEntity } from '../../services/gateway/src/adapters/person.entity.ts';
import { loadConfig as gatewayConfig } from '../../services/gateway/src/config.ts';
import { GatewayModule } from '../../services/gateway/src/gateway.module.ts';
import { configureHttp as configureGateway } from '../../services/gateway/src/http/configure-http.ts';
import { migrations as runnerMigrations } from '../../services/tool-runner/src/adapters/migrations/index.ts';
import { loadConfig as runnerConfig } from '../../services/tool-runner/src/config.ts';
import { configureHttp as configureRunner } from '../../services/tool-runner/src/http/configure-http.ts';
import { McpTools } from '../../services/tool-runner/src/http/mcp-tools.ts';
import { ToolRunnerModule } from '../../services/tool-runner/src/tool-runner.module.ts';
import { addFixtures } from './fixtures.ts';
import { stateCodec } from './input-fixtures.ts';

const host = '127.0.0.1';
const hint = { ttlMs: 300_000, cacheScope: 'public' } as const;
const lists = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'] as const;
const cacheHints = Object.fromEntries([...lists, 'resources/read', 'server/discover'].map((name) => [name, hint]));

/** Our tools and the suite's own on one server. */
@Injectable()
class ToolsAndFixtures extends McpTools {
  override serverFor(about: Parameters<McpTools['serverFor']>[0]): McpServer {
    const mcp = super.serverFor(about);
    addFixtures(mcp, about.listChanged);
    return mcp;
  }

  protected override newServer(): McpServer {
    const capabilities = { prompts: { listChanged: false }, resources: {}, logging: {}, completions: {} };
    const requestState = { verify: (...given: Parameters<typeof stateCodec.verify>) => stateCodec.verify(...given) };
    return new McpServer({ name: 'skyflo', version: '1' }, { capabilities, requestState, cacheHints });
  }
}

const metadata = (key: string) => Reflect.getMetadata(key, ToolRunnerModule) as never[];
@Module({
  controllers: metadata('controllers'),
  // The later of two providers of one class is the one that is used.
  providers: [...metadata('providers'), { provide: McpTools, useClass: ToolsAndFixtures }],
})
class RunnerWithFixtures {}

/** Gateway and tool-runner as they ship, but for the fixtures; and a door that brings the token, which the suite cannot. */
export async function startStack() {
  await using started = new AsyncDisposableStack();
  const [database, nats] = await Promise.all([createTestDatabase(), startTestNats()]);
  started.defer(async () => void (await Promise.all([database.drop(), nats.stop()])));
  await migrate({ url: database.urlFor('tool-runner'), schema: 'tool-runner', migrations: runnerMigrations });
  await migrate({ url: database.urlFor('gateway'), schema: 'gateway', migrations: gatewayMigrations });
  const runner = await bootService({
    service: 'tool-runner',
    ownsProcess: false,
    config: runnerConfig({
      ...serviceEnv('tool-runner', { database, nats }),
      TOOL_RUNNER_LEDGER_KEY: '5'.repeat(64),
    }),
    migrations: runnerMigrations,
    module: RunnerWithFixtures,
    http: configureRunner,
  });
  started.defer(() => runner.close());
  const gateway = await bootService({
    service: 'gateway',
    ownsProcess: false,
    config: gatewayConfig({
      ...serviceEnv('gateway', { database, nats }),
      GATEWAY_TOKEN_KEY: 'a key that is at least thirty-two bytes long',
      GATEWAY_SETUP_TOKEN: setup.token,
      GATEWAY_COOKIE_SECURE: 'false',
      GATEWAY_MCP_HOSTS: `${host},localhost`,
      GATEWAY_TOOL_RUNNER_URL: `http://${host}:${runner.port}`,
    }),
    migrations: gatewayMigrations,
    entities: [PersonEntity],
    module: GatewayModule,
    http: configureGateway,
  });
  started.defer(() => gateway.close());
  const door = doorTo(gateway.port, await tokenOf(gateway.port));
  started.defer(async () => {
    door.closeAllConnections();
    door.close();
  });
  door.listen(0, host);
  await once(door, 'listening');
  const { port } = door.address() as AddressInfo;
  const running = started.move();
  return { url: `http://${host}:${port}/mcp`, stop: () => running.disposeAsync() };
}

const setup = { token: 'the-set-up-token-of-the-suite', email: 'admin@example.com', password: 'correct horse battery' };

/** A personal access token, got as people get one. */
async function tokenOf(port: number): Promise<string> {
  const post = async (path: string, body: object, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(`http://${host}:${port}/api/v1${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { accessToken: string; token: string };
  };
  const { accessToken } = await post('/auth/setup', setup);
  const wanted = { name: 'conformance', scope: 'write', expiresInDays: 1 };
  return (await post('/tokens', wanted, accessToken)).token;
}

/** Passes everything on as it comes, Host and Origin above all: they are what the gateway is to judge. */
function doorTo(port: number, token: string) {
  return createServer((request, response) => {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    const onward = send({ host, port, path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
}
