/** Every flag and variable of `npm start`: the parser accepts what is listed here, and `--help` prints it. */
export type Setting = { readonly value?: string; readonly text: string };

export const flags = {
  port: { value: '<port>', text: 'port of the console on 127.0.0.1 (default 8080)' },
  'data-dir': { value: '<folder>', text: 'where everything is kept (default .skyflo in the clone)' },
  kubeconfig: {
    value: '<file>',
    text: 'work on a cluster of this kubeconfig: its current context, or the one named by --context',
  },
  context: { value: '<name>', text: 'work on this context (of --kubeconfig, else $KUBECONFIG, else ~/.kube/config)' },
  sandbox: { text: 'work on the sandbox although a context is configured; without one it is the default' },
  reset: { text: 'begin with empty data: deletes what the data folder holds (asks first, in a terminal)' },
  'no-open': { text: 'do not open the console in a browser' },
  help: { text: 'print this' },
} as const satisfies Record<string, Setting>;

export type FlagName = keyof typeof flags;

export const variables = {
  SKYFLO_BIN_DIR: {
    text: 'folder with ready programs (nats-server, etcd, kube-apiserver, …); else they are built by Go',
  },
  SKYFLO_ADMIN_EMAIL: { text: 'e-mail address of the first admin (unset: a one-time set-up link is printed)' },
  SKYFLO_ADMIN_PASSWORD: { text: 'the first admin’s password, 12 characters or more' },
  LLM_BASE_URL: {
    text: 'an OpenAI-compatible endpoint, such as http://127.0.0.1:4000/v1 (unset: the rules of the built-in model server)',
  },
  LLM_API_KEY: { text: 'the key for that endpoint' },
  LLM_MODEL: { text: 'the model to ask for there' },
  OTEL_EXPORTER_OTLP_ENDPOINT: { text: 'a collector that takes OTLP over HTTP: every service sends its spans there' },
} as const satisfies Record<string, Setting>;

export type VariableName = keyof typeof variables;

export const usage = `Skyflo on this machine: people say what they want from a cluster, an agent proposes, a person approves.

  npm start                            with the sandbox cluster and the built-in model server
  npm start -- --port 9000 --no-open   flags come after the two dashes

Flags
${rows(Object.entries<Setting>(flags).map(([name, { value, text }]) => [`--${name}${value ? ` ${value}` : ''}`, text]))}

Variables
${rows(Object.entries<Setting>(variables).map(([name, { text }]) => [name, text]))}

A service’s own variables, such as GATE_APPROVAL_EXPIRES_SECONDS, are passed on to it; services/*/src/config.ts lists them.
Ctrl-C stops everything; the next start finds its data again. Only the loopback interface is listened on.
`;

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
