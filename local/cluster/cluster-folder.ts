import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';

const runner = (slot: string) => `system:serviceaccount:skyflo:runner-${slot}`;
const runnerGroups = ['system:serviceaccounts', 'system:serviceaccounts:skyflo'];

/** Everybody who has a token: user name and groups as the API server sees them. */
const identities = {
  admin: { user: 'sandbox-admin', groups: ['system:masters'] },
  controllers: { user: 'system:kube-controller-manager', groups: [] },
  scheduler: { user: 'system:kube-scheduler', groups: [] },
  kwok: { user: 'kwok', groups: ['system:masters'] },
  'runner-read': { user: runner('read'), groups: runnerGroups },
  'runner-plan': { user: runner('plan'), groups: runnerGroups },
  'runner-helm': { user: runner('helm'), groups: runnerGroups },
  'runner-write': { user: runner('write'), groups: runnerGroups },
} as const satisfies Record<string, { user: string; groups: readonly string[] }>;

export type Identity = keyof typeof identities;
export type Tokens = Readonly<Record<Identity, string>>;

const validFor30Days = 30 * 24 * 3600 * 1000;

/** Where one cluster keeps its things. */
export type ClusterFolder = ReturnType<typeof clusterFolder>;

export function clusterFolder(path: string) {
  const dir = resolve(path);
  return {
    dir,
    ports: join(dir, 'ports.json'),
    tokens: join(dir, 'tokens.json'),
    tokenTable: join(dir, 'tokens.csv'),
    serviceAccountKey: join(dir, 'service-accounts.key'),
    certificates: join(dir, 'certificates'),
    /** Written by the API server: its own certificate, followed by that of its authority. */
    certificate: join(dir, 'certificates/apiserver.crt'),
    certificateKey: join(dir, 'certificates/apiserver.key'),
    authority: join(dir, 'certificates/ca.crt'),
    kubeconfig: join(dir, 'admin.kubeconfig'),
    runnerKubeconfig: join(dir, 'runner.kubeconfig'),
    kubeconfigOf: (name: Identity) => join(dir, `${name}.kubeconfig`),
    etcd: join(dir, 'etcd'),
    auditLog: join(dir, 'audit.log'),
    kwokConfig: join(dir, 'kwok.yaml'),
    /** What pods have said. */
    podLogs: join(dir, 'pod-logs'),
    /** What our own processes have said. */
    logs: join(dir, 'logs'),
    run: join(dir, 'run'),
  };
}

/** Makes the folder and its keys on the first start; later starts find theirs, so that kubeconfigs stay valid. */
export async function prepareFolder(folder: ClusterFolder): Promise<Tokens> {
  await mkdir(folder.dir, { recursive: true, mode: 0o700 });
  for (const sub of [folder.certificates, folder.podLogs, folder.logs, folder.run])
    await mkdir(sub, { recursive: true });
  const tokens = await keepTokens(folder.tokens);
  const rows = Object.entries(identities).map(
    ([name, { user, groups }]) => `${tokens[name as Identity]},${user},${name},"${groups.join(',')}"`,
  );
  await writeSecret(folder.tokenTable, `${rows.join('\n')}\n`);
  if (!existsSync(folder.serviceAccountKey)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeSecret(folder.serviceAccountKey, privateKey.export({ type: 'sec1', format: 'pem' }));
  }
  await dropOldCertificate(folder);
  return tokens;
}

/** Those of earlier starts, and new ones for identities that have come since. */
async function keepTokens(file: string): Promise<Tokens> {
  const kept = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Partial<Tokens>) : {};
  const names = Object.keys(identities) as Identity[];
  const tokens = Object.fromEntries(
    names.map((name) => [name, kept[name] ?? randomBytes(24).toString('base64url')]),
  ) as Tokens;
  await writeSecret(file, JSON.stringify(tokens));
  return tokens;
}

/** Writes a kubeconfig for the people, for the tool-runner and for each of the cluster's own programs. */
export async function writeKubeconfigs(folder: ClusterFolder, server: string, tokens: Tokens): Promise<void> {
  const chain = (await readFile(folder.certificate, 'utf8')).split(/(?=-----BEGIN)/);
  await writeFile(folder.authority, chain.at(-1) ?? '');
  const ca = (await readFile(folder.authority)).toString('base64');
  const write = (file: string, names: readonly Identity[]) =>
    writeSecret(file, kubeconfig({ server, ca, tokens, names }));
  await write(folder.kubeconfig, ['admin']);
  await write(folder.runnerKubeconfig, ['runner-read', 'runner-plan', 'runner-write', 'runner-helm']);
  for (const name of ['controllers', 'scheduler', 'kwok'] as const) await write(folder.kubeconfigOf(name), [name]);
}

type KubeconfigOptions = {
  readonly server: string;
  readonly ca: string;
  readonly tokens: Tokens;
  readonly names: readonly Identity[];
};

/** One context per identity, named after it; the admin's is called `sandbox`. */
function kubeconfig({ server, ca, tokens, names }: KubeconfigOptions): string {
  const context = (name: Identity) => (name === 'admin' ? 'sandbox' : name);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': names.map(context)[0],
    clusters: [{ name: 'sandbox', cluster: { server, 'certificate-authority-data': ca } }],
    users: names.map((name) => ({ name, user: { token: tokens[name] } })),
    contexts: names.map((name) => ({ name: context(name), context: { cluster: 'sandbox', user: name } })),
  });
}

/** The API server makes its certificate for a year and never looks at its end. */
async function dropOldCertificate(folder: ClusterFolder): Promise<void> {
  if (!existsSync(folder.certificate)) return;
  const { validToDate } = new X509Certificate(await readFile(folder.certificate));
  if (validToDate.getTime() - Date.now() > validFor30Days) return;
  await rm(folder.certificate);
  await rm(folder.certificateKey, { force: true });
}

async function writeSecret(file: string, text: string | Buffer): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
}
