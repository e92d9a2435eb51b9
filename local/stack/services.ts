import { join } from 'node:path';
import type { ServiceName } from '@skyflo/contracts';
import { services } from '@skyflo/contracts';
import { clusterFolder } from '../cluster/cluster-folder.ts';
import { rulesModel } from '../model/index.ts';
import type { ClusterChoice, ModelChoice } from './choices.ts';
import { keyRingOf } from './keys.ts';
import type { StackKeys } from './keys.ts';
import type { StackLayout } from './layout.ts';

const root = join(import.meta.dirname, '../..');

/**
 * What V8 may take, on one machine and in an image alike: a service is mostly idle, and what it keeps is about 30 MiB. Young
 * objects get half of what they would have, and the old ones are looked through when they have grown by a fifth: V8 would let
 * the garbage of a busy minute grow to twice of what is kept, and gives it back late (planner under load: 130 MiB without, 90
 * with it; in CPU no difference was found). No source maps: they are held parsed, 60 MiB per service, and the bundles keep names and are not
 * minified.
 */
export const nodeFlags = ['--max-semi-space-size=2', '--heap-growing-percent=20'];

/**
 * The same for glibc's malloc; others ignore it. Large blocks go back to the system when they are freed, which glibc stops doing
 * after the first one (hashing a password takes 19 MiB), and threads share two arenas instead of having eight for each core.
 */
export const nodeEnv = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: String(1024 * 1024) };

export const entryOfService = (service: ServiceName, entry: 'main' | 'migrate'): string =>
  join(root, 'services', service, 'build', `${entry}.js`);

export type ServiceContext = {
  readonly keys: StackKeys;
  readonly ports: Readonly<Record<ServiceName, number>>;
  readonly databaseUrlOf: (service: ServiceName) => string;
  readonly natsUrl: string;
  readonly modelUrl: string;
  readonly model: ModelChoice;
  readonly cluster: ClusterChoice;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly otlpUrl: string | undefined;
  readonly layout: StackLayout;
  /** The person's environment: a service gets its own variables from it, and what programs need to reach the world. */
  readonly env: NodeJS.ProcessEnv;
};

/** The whole environment of a service: what the person set for it, under what the stack has to decide. */
export function envOfService(service: ServiceName, context: ServiceContext): Record<string, string> {
  const { keys, ports } = context;
  const own = keys.services[service];
  const prefix = `${service.toUpperCase().replaceAll('-', '_')}_`;
  const decided = {
    HOST: '127.0.0.1',
    // The supervisor starts a process again only after the one before has ended.
    REPLICA: 'local',
    PORT: String(ports[service]),
    DATABASE_URL: context.databaseUrlOf(service),
    NATS_URL: context.natsUrl,
    NATS_SEED: own.nats.seed,
    SIGNING_KEY: own.signingKey,
    PUBLIC_KEYS: keyRingOf(keys),
    ...(context.otlpUrl !== undefined && { OTLP_URL: context.otlpUrl }),
    ...particulars[service](context),
  };
  return {
    ...whatReachesTheWorld(service, context),
    ...Object.fromEntries(Object.entries(context.env).filter((pair): pair is [string, string] => isOwn(pair, prefix))),
    ...Object.fromEntries(Object.entries(decided).map(([thing, value]) => [prefix + thing, value])),
  };
}

/** `GATE_…` is the gate's; `GATEWAY_…` is not. */
function isOwn([name, value]: [string, string | undefined], prefix: string): boolean {
  const longer = services
    .map((other) => `${other.toUpperCase().replaceAll('-', '_')}_`)
    .filter((other) => other.length > prefix.length && other.startsWith(prefix));
  return value !== undefined && name.startsWith(prefix) && !longer.some((other) => name.startsWith(other));
}

const particulars: Record<ServiceName, (context: ServiceContext) => Record<string, string>> = {
  gateway: ({ keys, admin, ports, env }) => ({
    TOKEN_KEY: keys.tokenKey,
    SETUP_TOKEN: keys.setupToken,
    TOOL_RUNNER_URL: `http://127.0.0.1:${ports['tool-runner']}`,
    MCP_HOSTS: env['GATEWAY_MCP_HOSTS'] ?? '127.0.0.1,localhost,[::1]',
    COOKIE_SECURE: 'false', // The console is plain http on the loopback interface.
    ...(admin && { ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }),
  }),
  planner: ({ model, modelUrl }) => ({
    MODEL_URL: modelUrl,
    MODEL_NAME: model.kind === 'endpoint' ? model.name : rulesModel,
    ...(model.kind === 'endpoint' && model.apiKey !== undefined && { MODEL_API_KEY: model.apiKey }),
  }),
  gate: () => ({}),
  'tool-runner': ({ keys, cluster, layout }) => ({
    LEDGER_KEY: keys.ledgerKey,
    HELM: layout.helm,
    CLUSTERS: JSON.stringify([cluster.kind === 'sandbox' ? sandboxOf(layout) : foreign(cluster)]),
  }),
  persistence: () => ({}),
};

function sandboxOf(layout: StackLayout) {
  return {
    name: 'sandbox',
    kubeconfig: clusterFolder(layout.cluster).runnerKubeconfig,
    contexts: { read: 'runner-read', plan: 'runner-plan', write: 'runner-write', helm: 'runner-helm' },
    statusFile: layout.clusterStatus,
  };
}

/** Somebody's own context serves every slot; that is guard level 0, and every approval says so. */
function foreign({ kubeconfig, context }: Extract<ClusterChoice, { kind: 'context' }>) {
  return { name: context, kubeconfig, contexts: { read: context } };
}

const proxies = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/**
 * The planner may have to reach a model through a proxy; a kubeconfig of somebody's own may run any program that finds its
 * credentials in the environment, so the tool-runner then gets all of it but our secrets.
 */
function whatReachesTheWorld(service: ServiceName, { env, cluster }: ServiceContext): Record<string, string> {
  const all = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (service === 'planner') return Object.fromEntries(all.filter(([name]) => proxies.includes(name)));
  if (service !== 'tool-runner' || cluster.kind === 'sandbox') return {};
  return Object.fromEntries(all.filter(([name]) => !/^(SKYFLO|LLM|npm|NODE)_/.test(name)));
}
