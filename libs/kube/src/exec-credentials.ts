import { execFile } from 'node:child_process';
import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import type { Credentials, Presented } from './access.ts';
import { codeOf } from './error-code.ts';

export const ExecPlugin = z.object({
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: z.string().optional(),
  provideClusterInfo: z.boolean().optional(),
});
export type ExecPlugin = z.infer<typeof ExecPlugin>;

const ExecCredential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
  }),
});

const timeoutMs = 30_000;
/** Credentials about to expire would be refused on arrival. */
const marginMs = 10_000;

type Held = { readonly presented: Presented; readonly until: number };

/**
 * A program of the kubeconfig that hands out credentials (client-go's exec protocol, without a terminal). Its answer is kept
 * until `expirationTimestamp`, or until the API server refuses it. Callers at the same time share one start of the program.
 * `environment` is what the plugin inherits: cloud plugins find their sign-in through it.
 */
export function execCredentials(
  plugin: ExecPlugin,
  options: { readonly environment: NodeJS.ProcessEnv; readonly now?: () => number },
): Credentials {
  const now = options.now ?? Date.now;
  let held: Promise<Held> | undefined;
  const dropAndThrow = (error: unknown): never => {
    held = undefined;
    throw error;
  };
  return {
    async present() {
      const asked = held;
      const known = await asked;
      if (known && known.until - marginMs > now()) return known.presented;
      // Another caller may have asked again while this one waited.
      if (held === asked) held = askPlugin(plugin, options.environment).catch(dropAndThrow);
      return (await (held ?? askPlugin(plugin, options.environment))).presented;
    },
    forget() {
      held = undefined;
    },
  };
}

async function askPlugin(plugin: ExecPlugin, environment: NodeJS.ProcessEnv): Promise<Held> {
  const answer = ExecCredential.safeParse(await runPlugin(plugin, environment));
  if (!answer.success)
    throw Failure.retryable(
      'CredentialsMissing',
      `The credential plugin ${plugin.command} answered without credentials.`,
    );
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = answer.data.status;
  return {
    presented: {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(cert !== undefined && key !== undefined ? { certificate: { cert, key } } : {}),
    },
    until: expirationTimestamp === undefined ? Number.POSITIVE_INFINITY : Date.parse(expirationTimestamp),
  };
}

function runPlugin(plugin: ExecPlugin, environment: NodeJS.ProcessEnv): Promise<unknown> {
  const request = { kind: 'ExecCredential', apiVersion: plugin.apiVersion, spec: { interactive: false } };
  const own = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
  const env = { ...environment, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(request) };
  return new Promise((resolve, reject) => {
    execFile(plugin.command, plugin.args ?? [], { env, timeout: timeoutMs, maxBuffer: 1 << 20 }, (error, stdout) => {
      if (error) return reject(pluginFailure(plugin, error));
      try {
        resolve(JSON.parse(stdout));
      } catch (cause) {
        reject(pluginFailure(plugin, cause));
      }
    });
  });
}

function pluginFailure(plugin: ExecPlugin, cause: unknown): Failure {
  const missing = codeOf(cause) === 'ENOENT';
  const what = missing ? 'is not installed' : 'failed';
  return Failure.retryable('CredentialsMissing', `The credential plugin ${plugin.command} ${what}.`, {
    cause,
    ...(plugin.installHint === undefined ? {} : { hint: plugin.installHint }),
  });
}
