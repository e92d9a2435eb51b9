import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseOptions, UsageError } from './options.ts';
import { flags, usage, variables } from './usage.ts';

let folder: string;
const root = '/clone';
const parse = (args: string[], env: NodeJS.ProcessEnv = {}) => parseOptions(args, { env, folder, root });
const complaint = (args: string[], env: NodeJS.ProcessEnv = {}) => {
  try {
    parse(args, env);
  } catch (error) {
    if (error instanceof UsageError) return error.sentences;
    throw error;
  }
  return [];
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'skyflo-options-'));
  writeFileSync(
    join(folder, 'config'),
    `current-context: blue
clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: me, user: {token: x}}]
contexts:
- {name: blue, context: {cluster: a, user: me}}
- {name: green, context: {cluster: a, user: me}}
- {name: torn, context: {cluster: gone, user: me}}
- {name: nobody, context: {cluster: a, user: gone}}
`,
  );
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'bare'), 'contexts: []');
  writeFileSync(join(folder, 'broken'), 'contexts: {{{');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the flags and variables of npm start', () => {
  it('needs none of them', () => {
    expect(parse([])).toEqual({
      port: 8080,
      dataDir: '/clone/.skyflo',
      cluster: { kind: 'sandbox' },
      model: { kind: 'built-in' },
      admin: undefined,
      binDir: undefined,
      otlpUrl: undefined,
      reset: false,
      open: true,
      help: false,
      notices: [],
    });
  });

  it('takes every one of them, paths relative to where the person is', () => {
    const options = parse(
      ['--port', '9000', '--data-dir=data', '--kubeconfig', 'config', '--context=green', '--reset', '--no-open'],
      {
        SKYFLO_BIN_DIR: '.',
        SKYFLO_ADMIN_EMAIL: 'ada@example.com',
        SKYFLO_ADMIN_PASSWORD: 'long enough to be',
        LLM_BASE_URL: 'https://models.example/v1',
        LLM_API_KEY: 'key',
        LLM_MODEL: 'large',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      },
    );
    expect(options).toEqual({
      port: 9000,
      dataDir: join(folder, 'data'),
      cluster: { kind: 'context', kubeconfig: join(folder, 'config'), context: 'green' },
      model: { kind: 'endpoint', baseUrl: 'https://models.example/v1', name: 'large', apiKey: 'key' },
      admin: { email: 'ada@example.com', password: 'long enough to be' },
      binDir: folder,
      otlpUrl: 'http://127.0.0.1:4318',
      reset: true,
      open: false,
      help: false,
      notices: [],
    });
  });

  it('takes the current context of a kubeconfig that is named alone', () => {
    expect(parse(['--kubeconfig', 'config']).cluster).toMatchObject({ context: 'blue' });
  });

  it('looks for a context in KUBECONFIG when no file is named', () => {
    const { cluster } = parse(['--context', 'green'], { KUBECONFIG: join(folder, 'config') });
    expect(cluster).toEqual({ kind: 'context', kubeconfig: join(folder, 'config'), context: 'green' });
  });

  it('takes the sandbox when it is asked for beside a context', () => {
    expect(parse(['--context', 'green', '--sandbox']).cluster).toEqual({ kind: 'sandbox' });
  });

  it('treats an empty variable as one that is not set', () => {
    expect(parse([], { LLM_BASE_URL: '', SKYFLO_BIN_DIR: ' ', SKYFLO_ADMIN_EMAIL: '' })).toEqual(parse([]));
  });

  const mistakes: [string, string[], NodeJS.ProcessEnv, RegExp][] = [
    ['an unknown flag', ['--prot', '1'], {}, /^there is no flag --prot; .*--help/],
    ['a word that is no flag', ['now'], {}, /^"now" is not a flag/],
    ['a flag without its value', ['--port'], {}, /^--port needs a value: --port <port>$/],
    ['a reset with a value', ['--reset=yes'], {}, /^--reset takes no value$/],
    ['a sandbox with a value', ['--sandbox=big'], {}, /^--sandbox takes no value$/],
    ['a value for --no-open', ['--no-open=true'], {}, /^--no-open takes no value$/],
    ['an empty data folder', ['--data-dir='], {}, /^--data-dir needs a value: --data-dir <folder>$/],
    ['a context without a name', ['--context'], {}, /^--context needs a value: --context <name>$/],
    ['a port that is no number', ['--port', 'http'], {}, /^--port must be a number from 1 to 65535, not "http"$/],
    ['a port out of range', ['--port=65536'], {}, /not "65536"$/],
    ['a data folder that is a file', ['--data-dir', 'config'], {}, /^--data-dir .*config is a file, not a folder$/],
    ['a kubeconfig that is not there', ['--kubeconfig', 'gone'], {}, /^there is no kubeconfig at .*gone$/],
    [
      'a KUBECONFIG that is not there',
      ['--context=green'],
      { KUBECONFIG: '/gone' },
      /^there is no kubeconfig at \/gone$/,
    ],
    ['a broken kubeconfig', ['--kubeconfig', 'broken'], {}, /broken is not a kubeconfig$/],
    ['an empty kubeconfig', ['--kubeconfig', 'empty'], {}, /empty is not a kubeconfig$/],
    ['a kubeconfig without contexts', ['--kubeconfig', 'bare'], {}, /names no current context.*it has none\)$/],
    [
      'a context that is not there',
      ['--kubeconfig', 'config', '--context', 'red'],
      {},
      /^there is no context "red" in .*config; it has blue, green, torn, nobody$/,
    ],
    [
      'a context without its cluster',
      ['--kubeconfig=config', '--context=torn'],
      {},
      /names a cluster that is not in it: "gone"$/,
    ],
    [
      'a context without its user',
      ['--kubeconfig=config', '--context=nobody'],
      {},
      /names a user that is not in it: "gone"$/,
    ],
    ['a bin folder that is not there', [], { SKYFLO_BIN_DIR: '/gone' }, /^SKYFLO_BIN_DIR is not a folder: \/gone$/],
    [
      'a model endpoint that is no address',
      [],
      { LLM_BASE_URL: 'models:4000', LLM_MODEL: 'm' },
      /^LLM_BASE_URL must be an http/,
    ],
    ['an endpoint without a model', [], { LLM_BASE_URL: 'http://models/v1' }, /so LLM_MODEL must name the model/],
    [
      'a key that no header can carry',
      [],
      { LLM_BASE_URL: 'http://models/v1', LLM_MODEL: 'm', LLM_API_KEY: 'two words' },
      /^LLM_API_KEY must be plain ASCII/,
    ],
    [
      'a collector that is no address',
      [],
      { OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.1:4318' },
      /^OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address, not "127\.0\.0\.1:4318"$/,
    ],
    [
      'an admin without a password',
      [],
      { SKYFLO_ADMIN_EMAIL: 'a@b.example' },
      /_EMAIL is set and SKYFLO_ADMIN_PASSWORD is not/,
    ],
    [
      'an admin without an address',
      [],
      { SKYFLO_ADMIN_PASSWORD: 'long enough to be' },
      /_PASSWORD is set and SKYFLO_ADMIN_EMAIL is not/,
    ],
    [
      'an address that is none',
      [],
      { SKYFLO_ADMIN_EMAIL: 'ada', SKYFLO_ADMIN_PASSWORD: 'long enough to be' },
      /^SKYFLO_ADMIN_EMAIL is no e-mail address: "ada"$/,
    ],
    [
      'a short password',
      [],
      { SKYFLO_ADMIN_EMAIL: 'a@b.example', SKYFLO_ADMIN_PASSWORD: 'short' },
      /^SKYFLO_ADMIN_PASSWORD must have 12 to 200 characters$/,
    ],
  ];
  it.each(mistakes)('says in one sentence what is wrong with %s', (_what, args, env, sentence) => {
    expect(complaint(args, env)).toEqual([expect.stringMatching(sentence)]);
  });

  it('has a mistake above for every flag and variable; --help is granted whatever it is given', () => {
    const tried = mistakes.flatMap(([, args, env]) => [...args.map((arg) => arg.split('=')[0]), ...Object.keys(env)]);
    const all = [...Object.keys(flags).map((flag) => `--${flag}`), ...Object.keys(variables)];
    expect(all.filter((name) => !tried.includes(name))).toEqual(['--help']);
  });

  it('says what is set and has no effect', () => {
    expect(parse([], { LLM_MODEL: 'large' }).notices).toEqual([
      'LLM_MODEL is set and LLM_BASE_URL is not, so the rules of the built-in model server answer',
    ]);
    expect(parse([], { LLM_MODEL: 'large', LLM_API_KEY: 'k' }).notices).toEqual([
      expect.stringMatching(/^LLM_MODEL and LLM_API_KEY are set/),
    ]);
  });

  it('says everything that is wrong at once', () => {
    expect(complaint(['--port=0', '--data-dir=config'], { LLM_BASE_URL: 'no' })).toHaveLength(4);
  });

  it('prints help whatever else is wrong, and names every flag and variable in it', () => {
    expect(parse(['--help', '--port=x']).help).toBe(true);
    for (const name of [...Object.keys(flags).map((flag) => `--${flag}`), ...Object.keys(variables)])
      expect(usage).toContain(`  ${name}`);
  });
});
