import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { NewPerson } from '@skyflo/contracts';
import { defaultKubeconfig, readContext } from './kubeconfig.ts';
import type { ClusterChoice, ModelChoice } from './stack/choices.ts';
import { flags } from './usage.ts';
import type { FlagName, Setting, VariableName } from './usage.ts';

export type StartOptions = {
  readonly port: number;
  readonly dataDir: string;
  readonly cluster: ClusterChoice;
  readonly model: ModelChoice;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly binDir: string | undefined;
  readonly otlpUrl: string | undefined;
  readonly reset: boolean;
  readonly open: boolean;
  readonly help: boolean;
  /** What is set and has no effect, one sentence each. */
  readonly notices: readonly string[];
};

type Surroundings = {
  readonly env: NodeJS.ProcessEnv;
  /** What relative paths are relative to: where the person is. */
  readonly folder: string;
  /** The clone. */
  readonly root: string;
};

const seeHelp = 'npm start -- --help lists them';

type Words = { readonly [name in FlagName]?: string | true };
type Variables = (name: VariableName) => string | undefined;

/** Everything that is wrong with what a person typed or set, one sentence each. */
export class UsageError extends Error {
  readonly sentences: readonly string[];
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.sentences = sentences;
  }
}

/** Reads flags and variables. Throws one `UsageError` that names everything wrong at once. */
export function parseOptions(args: readonly string[], { env, folder, root }: Surroundings): StartOptions {
  const sentences: string[] = [];
  const noted = <T>(parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      sentences.push(...error.sentences);
      return undefined;
    }
  };
  const words = noted(() => readWords(args)) ?? {};
  const variable: Variables = (name) => env[name]?.trim() || undefined;
  const options = {
    port: noted(() => readPort(words.port)) ?? 0,
    dataDir: noted(() => readDataDir(words['data-dir'], folder)) ?? join(root, '.skyflo'),
    cluster: noted(() => readCluster(words, env, folder)) ?? { kind: 'sandbox' },
    model: noted(() => readModel(variable)) ?? { kind: 'built-in' },
    admin: noted(() => readAdmin(variable)),
    binDir: noted(() => readBinDir(variable('SKYFLO_BIN_DIR'), folder)),
    otlpUrl: noted(() => readAddress('OTEL_EXPORTER_OTLP_ENDPOINT', variable)),
    reset: words.reset === true,
    open: words['no-open'] !== true,
    help: words.help === true,
    notices: idle(variable),
  } satisfies StartOptions;
  if (sentences.length > 0 && !options.help) throw new UsageError(sentences);
  return options;
}

function readWords(args: readonly string[]): Words {
  const known: Readonly<Record<string, Setting | undefined>> = flags;
  const options = Object.fromEntries(
    Object.entries<Setting>(flags).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' } as const]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: Record<string, string | true> = {};
  const sentences: string[] = [];
  let afterUnknown = false;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      // What follows a flag that nobody knows is most likely its value.
      if (!afterUnknown) sentences.push(`"${token.value}" is not a flag; ${seeHelp}`);
      afterUnknown = false;
      continue;
    }
    const { name, rawName, value } = token;
    const flag = known[name];
    afterUnknown = flag === undefined;
    if (flag === undefined) sentences.push(`there is no flag ${rawName}; ${seeHelp}`);
    else if (flag.value !== undefined && !value) sentences.push(`${rawName} needs a value: ${rawName} ${flag.value}`);
    else if (flag.value === undefined && value !== undefined) sentences.push(`${rawName} takes no value`);
    else words[name] = value ?? true;
  }
  if (sentences.length > 0) throw new UsageError(sentences);
  return words;
}

function readPort(word: string | true | undefined): number {
  if (word === undefined) return 8080;
  const port = Number(word);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UsageError([`--port must be a number from 1 to 65535, not "${word}"`]);
  return port;
}

function readDataDir(word: string | true | undefined, folder: string): string | undefined {
  if (typeof word !== 'string') return undefined;
  const dataDir = resolve(folder, word);
  const found = statSync(dataDir, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new UsageError([`--data-dir ${dataDir} is a file, not a folder`]);
  return dataDir;
}

/** `--sandbox` wins, so that it can be added to a command line that names a context. */
function readCluster(words: Words, env: NodeJS.ProcessEnv, folder: string): ClusterChoice {
  const { kubeconfig, context } = words;
  if (words.sandbox === true || (kubeconfig === undefined && context === undefined)) return { kind: 'sandbox' };
  const file = typeof kubeconfig === 'string' ? resolve(folder, kubeconfig) : defaultKubeconfig(env);
  const found = readContext(file, typeof context === 'string' ? context : undefined);
  if (!found.ok) throw new UsageError([found.sentence]);
  return { kind: 'context', kubeconfig: file, context: found.context };
}

function readModel(variable: Variables): ModelChoice {
  const baseUrl = variable('LLM_BASE_URL');
  if (baseUrl === undefined) return { kind: 'built-in' };
  const sentences: string[] = [];
  if (!isHttp(baseUrl)) sentences.push(mustBeHttp('LLM_BASE_URL', baseUrl));
  const name = variable('LLM_MODEL');
  if (name === undefined) sentences.push('LLM_BASE_URL is set, so LLM_MODEL must name the model to ask for');
  const apiKey = variable('LLM_API_KEY');
  // It travels in a header. The key itself is shown to nobody.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey))
    sentences.push('LLM_API_KEY must be plain ASCII without spaces or line breaks');
  if (sentences.length > 0 || name === undefined) throw new UsageError(sentences);
  return { kind: 'endpoint', baseUrl, name, apiKey };
}

/** What was set for an endpoint that was not. */
function idle(variable: Variables): string[] {
  const set = (['LLM_MODEL', 'LLM_API_KEY'] as const).filter((name) => variable(name) !== undefined);
  if (variable('LLM_BASE_URL') !== undefined || set.length === 0) return [];
  return [
    `${set.join(' and ')} ${set.length === 1 ? 'is' : 'are'} set and LLM_BASE_URL is not, so the rules of the built-in model server answer`,
  ];
}

function readAddress(name: VariableName, variable: Variables): string | undefined {
  const address = variable(name);
  if (address !== undefined && !isHttp(address)) throw new UsageError([mustBeHttp(name, address)]);
  return address;
}

const isHttp = (address: string) => /^https?:$/.test(URL.parse(address)?.protocol ?? '');
const mustBeHttp = (name: VariableName, address: string) =>
  `${name} must be an http or https address, not "${address}"`;

function readAdmin(variable: Variables): StartOptions['admin'] {
  const email = variable('SKYFLO_ADMIN_EMAIL');
  const password = variable('SKYFLO_ADMIN_PASSWORD');
  if (email === undefined && password === undefined) return undefined;
  if (email === undefined || password === undefined) {
    const [set, unset] = email === undefined ? ['PASSWORD', 'EMAIL'] : ['EMAIL', 'PASSWORD'];
    throw new UsageError([`SKYFLO_ADMIN_${set} is set and SKYFLO_ADMIN_${unset} is not: set both or neither`]);
  }
  const wrong = NewPerson.safeParse({ email, password, roles: ['admin'] }).error?.issues ?? [];
  const isWrong = (field: string) => wrong.some(({ path }) => path[0] === field);
  const sentences = [
    ...(isWrong('email') ? [`SKYFLO_ADMIN_EMAIL is no e-mail address: "${email}"`] : []),
    // The password itself is shown to nobody.
    ...(isWrong('password') ? ['SKYFLO_ADMIN_PASSWORD must have 12 to 200 characters'] : []),
  ];
  if (sentences.length > 0) throw new UsageError(sentences);
  return { email, password };
}

function readBinDir(word: string | undefined, folder: string): string | undefined {
  if (word === undefined) return undefined;
  const binDir = resolve(folder, word);
  if (!statSync(binDir, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError([`SKYFLO_BIN_DIR is not a folder: ${binDir}`]);
  return binDir;
}
