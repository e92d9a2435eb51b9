/** The running stack as the suites see it: people, processes, the cluster behind it and its audit log. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role, ServiceName } from '@skyflo/contracts';
import { accessOf, type KubeObject, loadKubeconfig, openReadClient } from '@skyflo/kube';
import { SkyfloClient } from '@skyflo/testkit';
import { waitFor } from '../local/servers/index.ts';
import type { StackKeys } from '../local/stack/keys.ts';

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these suites with "npm test"`);
  return value;
};

export const url = variable('SKYFLO_E2E_URL');
/** The one-time link that `npm start` prints. */
export const setUpUrl = variable('SKYFLO_E2E_SETUP_URL');
export const dataDir = variable('SKYFLO_E2E_DATA_DIR');
export const runnerKubeconfig = join(dataDir, 'cluster', 'runner.kubeconfig');
export const adminEmail = 'admin@example.org';
export const password = 'correct horse battery staple';

/** The first admin; whoever comes first uses the set-up link. */
export async function anAdmin(): Promise<SkyfloClient> {
  const door = new SkyfloClient(url);
  const token = new URL(setUpUrl).searchParams.get('token');
  await door.call('POST', '/auth/setup', { body: { token, email: adminEmail, password } });
  return door.login(adminEmail, password);
}

/** The same token as if it had been given out an hour ago. */
export function expired(token: string): string {
  const { tokenKey } = secrets();
  const [head = '', body = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as { iat: number; exp: number };
  const earlier = { ...claims, iat: claims.iat - 3_600, exp: claims.exp - 3_600 };
  const signed = `${head}.${Buffer.from(JSON.stringify(earlier)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', tokenKey).update(signed).digest('base64url')}`;
}

let made = 0;
export async function aPerson(...roles: Role[]): Promise<SkyfloClient> {
  const admin = await anAdmin();
  const email = `person-${process.pid}-${Date.now()}-${++made}@example.org`;
  const { status } = await admin.call('POST', '/people', { body: { email, password, roles } });
  if (status !== 201) throw new Error(`people: ${status}`);
  return new SkyfloClient(url).login(email, password);
}

/** The process id of a part of the stack now; waits for one that is just being restarted. */
export async function pidOf(name: string, other?: number): Promise<number> {
  let pid: number | undefined;
  await waitFor(
    async () => {
      pid = stackFile().processes.find((one) => one.name === name)?.pid;
      return pid !== undefined && pid !== other;
    },
    { timeoutMs: 30_000, everyMs: 50, what: `${name} to run` },
  );
  return pid ?? 0;
}

export async function kill(name: string): Promise<void> {
  process.kill(await pidOf(name), 'SIGKILL');
}

export async function ready(): Promise<void> {
  await waitFor(async () => (await fetch(`${url}/api/v1/health/ready`)).ok, {
    timeoutMs: 30_000,
    everyMs: 100,
    what: 'everything to be ready',
  });
}

/** What a part of the stack has logged. */
export function logOf(name: string): string {
  return readFileSync(join(dataDir, 'logs', `${name}.log`), 'utf8');
}

export function natsUrl(): string {
  return `nats://127.0.0.1:${stackFile().processes.find(({ name }) => name === 'nats-server')?.port}`;
}

/** As the service itself reaches its schema. */
export function databaseUrlOf(service: ServiceName): string {
  const port = stackFile().processes.find(({ name }) => name === 'postgres')?.port;
  return `postgres://${service}:${secrets().services[service].databasePassword}@127.0.0.1:${port}/skyflo`;
}

/** Every secret of the stack, as somebody would have them who got at its files. */
export function secrets(): StackKeys {
  return JSON.parse(readFileSync(join(dataDir, 'keys', 'keys.json'), 'utf8')) as StackKeys;
}

/** Writes the API server really carried out under a grant: its own record, no dry runs. */
export function writesOf(grantId: string): readonly string[] {
  return readFileSync(stackFile().sandbox.auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes(grantId))
    .map((line) => JSON.parse(line) as AuditLine)
    .filter(
      ({ auditID, stage, verb, requestURI }) =>
        auditID === grantId && stage === 'ResponseComplete' && verb !== 'get' && !requestURI.includes('dryRun'),
    )
    .filter(({ responseStatus }) => (responseStatus?.code ?? 0) < 300)
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}
type AuditLine = {
  auditID: string;
  stage: string;
  verb: string;
  requestURI: string;
  responseStatus?: { code?: number };
};

export async function deployment(name: string): Promise<KubeObject & { spec: { replicas: number } }> {
  const client = openReadClient(
    await accessOf(await loadKubeconfig(stackFile().sandbox.kubeconfig), undefined, { environment: {} }),
  );
  try {
    const type = await client.discovery.resolve('deployments.apps');
    return (await client.get(type, { namespace: 'shop', name })) as KubeObject & { spec: { replicas: number } };
  } finally {
    await client.close();
  }
}

/** Where a service itself listens; people and clients never speak to it there. */
export const portOf = (name: string): number => stackFile().processes.find((one) => one.name === name)?.port ?? 0;

function stackFile(): {
  processes: { name: string; pid: number; port: number | null }[];
  sandbox: { kubeconfig: string; auditLog: string };
} {
  return JSON.parse(readFileSync(join(dataDir, 'stack.json'), 'utf8'));
}
