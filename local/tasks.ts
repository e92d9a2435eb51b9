/** `npm test`, `npm run test:unit`, `npm run check`: their steps, each with its time; lanes of steps run side by side. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveBinary } from './servers/index.ts';
import type { BinaryName, BuildProgress } from './servers/index.ts';
import { buildStack } from './stack/index.ts';

const root = join(import.meta.dirname, '..');
const script = ['--conditions=@skyflo/source', '--import', './tools/swc-hooks.mjs'];

/** Where a step's words go: at once to the terminal, or kept until the step has ended. */
type Words = 'shown' | 'kept';
type Step = { readonly what: string; readonly run: (words: Words) => Promise<void> };
type Lane = readonly Step[];

const step = (what: string, program: string, ...args: string[]): Step => ({
  what,
  run: (words) => command(program, args, words),
});
const npmScript = (what: string, name: string, ...more: string[]): Step =>
  step(what, 'npm', 'run', '--silent', name, ...more);
const jest = (project: string, ...more: string[]): Step =>
  step(
    `tests: ${project}`,
    'node',
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--selectProjects',
    project,
    ...more,
  );

const unit: Lane = [jest('unit'), step('tests: console', 'npm', 'test', '--silent', '-w', 'web')];
// Jest's own set-up files of the end-to-end suites resolve the libs as plain Node does: from what is built.
const built: Step = { what: 'build', run: build };
const tasks: Readonly<Record<string, readonly Lane[]>> = {
  unit: [unit],
  fire: [[{ what: 'programs', run: programs }, built, jest('e2e', '--runInBand', '--testPathPatterns', 'e2e/fire')]],
  check: [
    [
      step('format', 'prettier', '--check', '--log-level=warn', '.'),
      npmScript('types of the console', 'sync', '-w', 'web'),
      npmScript('lint', 'lint'),
      npmScript('types', 'types'),
      npmScript('boundaries', 'boundaries'),
      step('generated files', 'node', ...script, 'tools/gen.ts', '--check'),
    ],
  ],
  // The end-to-end suites wait much and the integration suites compute much: side by side they take little longer than one.
  test: [
    [...unit, built, jest('e2e', '--runInBand')],
    [{ what: 'programs', run: programs }, jest('int', '--maxWorkers=2')],
  ],
};

// Whoever runs tests has servers to end first; we end when it has.
const running = new Set<ChildProcess>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => running.forEach((child) => child.kill(signal)));

const [name = '', ...rest] = process.argv.slice(2);
const lanes = tasks[name];
if (lanes === undefined || rest.length > 0) {
  process.stderr.write(`say which: ${Object.keys(tasks).join(', ')}; to run one suite: npm run jest -- --help\n`);
  process.exit(2);
}
const wentWell = await Promise.all(lanes.map((lane, index) => go(lane, index === 0 ? 'shown' : 'kept')));
if (!wentWell.every(Boolean)) process.exit(1);

/** Runs a lane to its end or its first failure. The others go on: one wants to know everything that fails. */
async function go(lane: Lane, words: Words): Promise<boolean> {
  for (const { what, run } of lane) {
    const startedAt = Date.now();
    try {
      await run(words);
    } catch (error) {
      process.stderr.write(`\n${what} failed: ${error instanceof Error ? error.message : String(error)}\n`);
      return false;
    }
    process.stderr.write(`✓ ${what} (${((Date.now() - startedAt) / 1_000).toFixed(1)} s)\n`);
  }
  return true;
}

function command(program: string, args: readonly string[], words: Words): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: words === 'shown' ? 'inherit' : ['inherit', 'pipe', 'pipe'],
    });
    running.add(child);
    const kept: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => kept.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      process.stderr.write(Buffer.concat(kept));
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
  for (const binary of [
    'nats-server',
    'kube-apiserver',
    'rollouts-controller',
    'helm',
  ] as const satisfies readonly BinaryName[]) {
    let saidAt = 0;
    const onProgress = ({ done, total, minutesLeft }: BuildProgress) => {
      if (Date.now() - saidAt < 20_000) return;
      saidAt = Date.now();
      process.stderr.write(`… building ${binary} (${done} of ${total} packages, about ${minutesLeft} minutes left)\n`);
    };
    await resolveBinary(binary, { binDir: process.env['SKYFLO_BIN_DIR'], onProgress });
  }
}
