import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Failure } from '@skyflo/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ClusterAccess, Credentials, Presented } from './access.ts';
import { fixedCredentials, tokenFileCredentials } from './credentials.ts';
import { codeOf } from './error-code.ts';
import { execCredentials, ExecPlugin } from './exec-credentials.ts';

const Cluster = z.object({
  server: z.url({ protocol: /^https?$/ }),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.base64().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
});
const User = z.object({
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.base64().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.base64().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  exec: ExecPlugin.nullish(),
});
const Context = z.object({ cluster: z.string(), user: z.string().optional(), namespace: z.string().optional() });
const named = <T extends z.ZodType, K extends string>(key: K, value: T) =>
  z.array(z.object({ name: z.string(), [key]: value } as { name: z.ZodString } & { [P in K]: T })).nullish();

const KubeconfigFile = z.object({
  'current-context': z.string().optional(),
  clusters: named('cluster', Cluster),
  users: named('user', User.nullish()),
  contexts: named('context', Context),
});

export type Kubeconfig = {
  readonly path: string;
  readonly file: z.infer<typeof KubeconfigFile>;
};

/** Reads and checks a kubeconfig. Throws a terminal Failure `KubeconfigInvalid` with one sentence where it is missing or broken. */
export async function loadKubeconfig(path: string): Promise<Kubeconfig> {
  return parseKubeconfig(await readText(path, 'kubeconfig'), path);
}

/** As `loadKubeconfig`, from text; `path` is what relative file names in it are relative to. */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  const file = KubeconfigFile.safeParse(parseYaml(text, path));
  if (file.success) return { path, file: file.data };
  const issue = file.error.issues[0];
  throw invalid(`The kubeconfig ${path} is wrong at ${issue?.path.join('.') ?? 'its root'}: ${issue?.message ?? ''}.`);
}

/**
 * One context of a kubeconfig, the current one by default, as access to a cluster. Throws a terminal Failure that names the
 * contexts that exist where the wanted one does not. `environment` is inherited by credential plugins.
 */
export async function accessOf(
  kubeconfig: Kubeconfig,
  contextName?: string,
  options: { readonly environment?: NodeJS.ProcessEnv } = {},
): Promise<ClusterAccess> {
  const { path, file } = kubeconfig;
  const wanted = contextName ?? file['current-context'];
  if (wanted === undefined || wanted === '') throw invalid(`The kubeconfig ${path} has no current context: name one.`);
  const context = pick(kubeconfig, 'context', wanted, file.contexts)?.context;
  const { cluster } = pick(kubeconfig, 'cluster', context.cluster, file.clusters);
  const user = context.user === undefined ? undefined : pick(kubeconfig, 'user', context.user, file.users).user;
  const ca = await inlineOrFile(path, cluster['certificate-authority-data'], cluster['certificate-authority']);
  const servername = cluster['tls-server-name'];
  return {
    origin: `context "${wanted}" of ${path}`,
    server: new URL(cluster.server),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(servername === undefined ? {} : { servername }),
      insecure: cluster['insecure-skip-tls-verify'] ?? false,
    },
    credentials: await credentialsOf(path, user ?? {}, options.environment ?? {}),
    ...(context.namespace === undefined ? {} : { namespace: context.namespace }),
  };
}

/** In client-go's order: a client certificate may come with any of the others; a token beats its file, both beat a plugin. */
async function credentialsOf(
  path: string,
  user: z.infer<typeof User>,
  environment: NodeJS.ProcessEnv,
): Promise<Credentials> {
  const cert = await inlineOrFile(path, user['client-certificate-data'], user['client-certificate']);
  const key = await inlineOrFile(path, user['client-key-data'], user['client-key']);
  const certificate: Pick<Presented, 'certificate'> =
    cert !== undefined && key !== undefined ? { certificate: { cert, key } } : {};
  if (user.token) return fixedCredentials({ headers: { authorization: `Bearer ${user.token}` }, ...certificate });
  if (user.tokenFile) return tokenFileCredentials(resolve(dirname(path), user.tokenFile));
  if (user.exec) return execCredentials(withPath(path, user.exec), { environment });
  if (user.username === undefined) return fixedCredentials({ headers: {}, ...certificate });
  const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
  return fixedCredentials({ headers: { authorization: `Basic ${basic}` }, ...certificate });
}

/** A command with a slash is relative to the kubeconfig, as kubectl has it; a bare one is looked up in PATH. */
function withPath(path: string, plugin: ExecPlugin): ExecPlugin {
  return plugin.command.includes('/') ? { ...plugin, command: resolve(dirname(path), plugin.command) } : plugin;
}

function pick<T extends { readonly name: string }>(
  { path }: Kubeconfig,
  what: string,
  name: string,
  all: readonly T[] | null | undefined,
): T {
  const found = all?.find((entry) => entry.name === name);
  if (found) return found;
  const names = (all ?? []).map((entry) => `"${entry.name}"`).join(', ');
  throw invalid(`The kubeconfig ${path} has no ${what} "${name}"; it has ${names === '' ? 'none' : names}.`);
}

async function inlineOrFile(path: string, inline: string | undefined, file: string | undefined) {
  if (inline !== undefined && inline !== '') return Buffer.from(inline, 'base64').toString('utf8');
  return file === undefined || file === ''
    ? undefined
    : await readText(resolve(dirname(path), file), 'certificate file');
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const missing = codeOf(cause) === 'ENOENT';
    throw invalid(`The ${what} ${path} ${missing ? 'does not exist' : 'cannot be read'}.`, cause);
  }
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw invalid(`The kubeconfig ${path} is not valid YAML.`, cause);
  }
}

function invalid(message: string, cause?: unknown): Failure {
  return Failure.terminal('KubeconfigInvalid', message, cause === undefined ? {} : { cause });
}
