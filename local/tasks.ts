/** `npm test`, `npm run test:unit`, `npm run check`: their steps in order, each with its time. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveBinary } from './servers/index.ts';
import type { BinaryName, BuildProgress } from './servers/index.ts';
import { buildStack } from './stack/index.ts';

const root = join(import.meta.dirname, '..');
const script = ['--conditions=@skyflo/source', '--import', './tools/swc-hooks.mjs'];

type Step = { readonly what: string; readonly run: () => Promise<void> };

const jest = (project: string, ...more: string[]): Step => ({
  what: `tests: ${project}`,
  run: () =>
    command('node', [
      '--experimental-vm-modules',
      '--no-warnings',
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      project,
      ...more,
    ]),
});
const npmScript = (what: string, name: string, ...more: string[]): Step => ({
  what,
  run: () => command('npm', ['run', '--silent', name, ...more]),
});

const unit: readonly Step[] = [
  jest('unit'),
  { what: 'tests: console', run: () => command('npm', ['test', '--silent', '-w', 'web']) },
];
const fire: readonly Step[] = [
  { what: 'programs', run: programs },
  { what: 'build', run: build },
  jest('e2e', '--runInBand', '--testPathPatterns', 'e2e/fire'),
];
const tasks: Readonly<Record<string, readonly Step[]>> = {
  unit,
  fire,
  check: [
    { what: 'format', run: () => command('prettier', ['--check', '--log-level=warn', '.']) },
    { what: 'types of the console', run: () => command('npm', ['run', '--silent', 'sync', '-w', 'web']) },
    npmScript('lint', 'lint'),
    npmScript('types', 'types'),
    npmScript('boundaries', 'boundaries'),
    { what: 'generated files', run: () => command('node', [...script, 'tools/gen.ts', '--check']) },
  ],
  test: [
    ...unit,
    { what: 'programs', run: programs },
    jest('int', '--maxWorkers=2'),
    // Jest's own set-up files resolve the libs as plain Node does: from what is built.
    { what: 'build', run: build },
    jest('e2e', '--runInBand'),
  ],
};

// Whoever runs tests has servers to end first; we end when it has.
let running: ChildProcess | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => running?.kill(signal));

const [name = '', ...rest] = process.argv.slice(2);
const steps = tasks[name];
if (steps === undefined || rest.length > 0) {
  process.stderr.write(`say which: ${Object.keys(tasks).join(', ')}; to run one suite: npm run jest -- --help\n`);
  process.exit(2);
}
for (const step of steps) {
  const startedAt = Date.now();
  try {
    await step.run();
  } catch (error) {
    process.stderr.write(`\n${step.what} failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  process.stderr.write(`✓ ${step.what} (${((Date.now() - startedAt) / 1_000).toFixed(1)} s)\n`);
}

function command(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
    running = child;
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${code ?? signal}`));
    });
  });
}

async function build(): Promise<void> {
  const onBuild = (part: string) => process.stderr.write(`… building ${part}\n`);
  const logFile = join(root, 'artifacts/build.log');
  mkdirSync(dirname(logFile), { recursive: true });
  await buildStack({ logFile, signal: new AbortController().signal, onBuild });
}

/** Builds what the tests start and no cache holds, and says how far it is. */
async function programs(): Promise<void> {
  for (const binary of ['nats-server', 'kube-apiserver'] as const satisfies readonly BinaryName[]) {
    let saidAt = 0;
    const onProgress = ({ done, total, minutesLeft }: BuildProgress) => {
      if (Date.now() - saidAt < 20_000) return;
      saidAt = Date.now();
      process.stderr.write(`… building ${binary} (${done} of ${total} packages, about ${minutesLeft} minutes left)\n`);
    };
    await resolveBinary(binary, { binDir: process.env['SKYFLO_BIN_DIR'], onProgress });
  }
}
