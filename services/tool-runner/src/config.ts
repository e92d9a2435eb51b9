import { serviceConfig } from '@skyflo/service-kit';
import { z } from 'zod';

const Cluster = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a name of lower-case letters, digits and "-"'),
  kubeconfig: z.string().min(1),
  contexts: z.strictObject({
    read: z.string().optional(),
    plan: z.string().optional(),
    write: z.string().optional(),
    helm: z.string().optional(),
  }),
  statusFile: z.string().optional(),
});
export type ClusterConfig = z.infer<typeof Cluster>;

const ChartRepository = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a name of lower-case letters, digits and "-"'),
  url: z.url().refine(isSafeSource, 'https, or http on this machine, and without credentials in it'),
});

/** The tool-runner's own variables, beside those every service has. */
export const loadConfig = (env: NodeJS.ProcessEnv = process.env) =>
  serviceConfig(
    'tool-runner',
    {
      CLUSTERS: z
        .string()
        .default('[]')
        .transform(toJson)
        .pipe(z.array(Cluster))
        .describe(
          'the clusters, the default one first: [{"name", "kubeconfig", "contexts": {"read", "plan"?, "write"?, "helm"?}, "statusFile"?}]; only a read context, or none, makes it serve every purpose, unguarded',
        ),
      LEDGER_KEY: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits')
        .describe('key of the digests over request bytes and objects, 64 hex digits; a new one voids open plans'),
      CALL_TIMEOUT_SECONDS: z.coerce
        .number()
        .int()
        .min(1)
        .max(600)
        .default(60)
        .describe('how long a read or a plan may take, in seconds, beside what it waits for on purpose'),
      HELM: z
        .string()
        .min(1)
        .optional()
        .describe('path of the helm program; without it releases can be read, and no chart'),
      CHART_REPOSITORIES: z
        .string()
        .default('[]')
        .transform(toJson)
        .pipe(z.array(ChartRepository))
        .describe('where charts may come from: [{"name", "url"}]'),
      LEASE_SECONDS: z.coerce
        .number()
        .int()
        .min(2)
        .max(60)
        .default(8)
        .describe('after this long, in seconds, somebody else takes up the work of a process that died'),
      MCP_PROGRESS_SECONDS: z.coerce
        .number()
        .positive()
        .default(10)
        .describe('how often an MCP client that waits, and asked for it, is told that it still does, in seconds'),
      EVICTION_ROUND_MS: z.coerce
        .number()
        .int()
        .min(50)
        .default(2_000)
        .describe('how long a drain waits before it asks again for pods that a budget holds, in milliseconds'),
      SWEEP_MS: z.coerce
        .number()
        .int()
        .min(50)
        .default(1_000)
        .describe('how often work left behind is looked for, in milliseconds'),
    },
    env,
  );

export type ToolRunnerConfig = ReturnType<typeof loadConfig>;

/** What credential plugins of kubeconfigs inherit: cloud sign-ins live in the environment. Our own variables do not go along. */
export const pluginEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TOOL_RUNNER_')));

function isSafeSource(text: string): boolean {
  const { protocol, hostname, username, password } = new URL(text);
  const isLocal = hostname === '127.0.0.1' || hostname === 'localhost';
  return (protocol === 'https:' || (protocol === 'http:' && isLocal)) && username === '' && password === '';
}

function toJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON' });
    return z.NEVER;
  }
}
