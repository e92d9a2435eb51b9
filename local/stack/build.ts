import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { acquireBuildLock } from '../servers/build-lock.ts';
import { StartError } from './start-error.ts';

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'node_modules/.bin');
const cache = join(root, 'node_modules/.cache/skyflo');

type Part = {
  readonly name: string;
  /** Everything that the result depends on. */
  readonly sources: readonly string[];
  /** What must be there afterwards. */
  readonly results: readonly string[];
  readonly commands: readonly (readonly string[])[];
};

const shared = ['package-lock.json', '.swcrc', 'libs/*/src/**/*.ts'];
const parts: readonly Part[] = [
  {
    name: 'services',
    sources: [...shared, 'nest-cli.json', 'rolldown.config.mjs', 'services/*/src/**/*.ts'],
    results: ['gateway', 'planner', 'gate', 'tool-runner', 'persistence'].map(
      (name) => `services/${name}/build/main.js`,
    ),
    commands: [
      ['npm', 'run', 'build:libs'],
      ['nest', 'build', '--all'],
      ['rolldown', '-c', '--logLevel', 'warn'],
    ],
  },
  {
    name: 'console',
    sources: [...shared, 'web/*.{ts,json}', 'web/{src,static}/**/*.*'],
    results: ['web/build/handler.js'],
    commands: [['npm', 'run', 'build', '-w', 'web']],
  },
];

/**
 * Builds the services' bundles and the console where their sources have changed since the last build. Says so through
 * `onBuild` before it begins; what the compilers print goes to `logFile`.
 */
export async function buildStack(options: BuildOptions): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const release = await soleBuilder(options.signal);
  try {
    await Promise.all(parts.map((part) => buildPart(part, options)));
  } finally {
    await release();
  }
}

async function buildPart(part: Part, options: BuildOptions): Promise<void> {
  const stampFile = join(cache, `${part.name}.stamp`);
  const stamp = await hashOf(part.sources);
  const isThere = part.results.every((file) => existsSync(join(root, file)));
  if (isThere && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  options.onBuild?.(part.name);
  // A build that is interrupted leaves a mixture, which no stamp may vouch for.
  rmSync(stampFile, { force: true });
  for (const command of part.commands) await run(part.name, command, options);
  writeFileSync(stampFile, stamp);
}

/** Tests and a start may run in the same clone; the second finds everything built. */
async function soleBuilder(signal: AbortSignal | undefined): Promise<() => Promise<void>> {
  for (;;) {
    const lock = await acquireBuildLock(join(cache, 'build.lock'));
    if (lock.held) return () => lock.release();
    await delay(200, undefined, { ...(signal && { signal }) });
  }
}

export type BuildOptions = {
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
  readonly onBuild?: (part: string) => void;
};

async function hashOf(patterns: readonly string[]): Promise<string> {
  const files = new Set<string>();
  for await (const file of glob(patterns, { cwd: root })) if (!file.endsWith('.spec.ts')) files.add(file);
  const hash = createHash('sha256');
  for (const file of [...files].toSorted())
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

async function run(
  name: string,
  [command = '', ...args]: readonly string[],
  { logFile, signal }: BuildOptions,
): Promise<void> {
  mkdirSync(dirname(logFile), { recursive: true });
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, NODE_OPTIONS: '', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  writeFileSync(logFile, `$ ${[command, ...args].join(' ')}\n${output}\n`, { flag: 'a' });
  if (code !== 0)
    throw new StartError(
      `the ${name} could not be built (${[command, ...args].join(' ')}; all of it is in ${logFile}):\n${output.trim().split('\n').slice(-15).join('\n')}`,
    );
}
