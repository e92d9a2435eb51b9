/**
 * Where `npm start`, `npm test`, `npm run test:unit` and `npm run check` begin. Plain JavaScript without a dependency,
 * because in a bare clone there are no packages yet and the machine's own Node may be as old as 20: it installs the
 * packages when the lockfile has changed and hands over to the Node 26 that came with them.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules/.bin');
const stampFile = join(root, 'node_modules/.skyflo-installed');
const oldestNode = 20;
const entries = {
  start: 'local/start.ts',
  test: 'local/tasks.ts',
  unit: 'local/tasks.ts',
  check: 'local/tasks.ts',
  fire: 'local/tasks.ts',
  bench: 'bench/main.ts',
  conformance: 'e2e/conformance/main.ts',
};

const [command = '', ...args] = process.argv.slice(2);
const entry = entries[command];
if (entry === undefined) end(`say which: node local/bootstrap.mjs ${Object.keys(entries).join('|')}`);
if (Number.parseInt(process.versions.node, 10) < oldestNode)
  end(`Skyflo needs Node ${oldestNode} or newer to install itself; this is ${process.versions.node}`);

await installPackages();
// The tasks have one entry; the others know what they are.
handOver(entry, entry === entries.test ? [command, ...args] : args);

async function installPackages() {
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  // Somebody who works on the dependencies has just run npm by hand; npm notes what it installed when it is done.
  if (modifiedAt(join(root, 'node_modules/.package-lock.json')) >= modifiedAt(join(root, 'package-lock.json'))) {
    writeFileSync(stampFile, stamp);
    return;
  }
  process.stderr.write('Installing the packages (a minute or two, only when the lockfile has changed) …\n');
  const startedAt = Date.now();
  const { code, output } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) end(whyNot(code, output));
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
  process.stderr.write(`Packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s.\n`);
}

function modifiedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}

function npm(npmArgs) {
  // The Node of the packages must not run the npm that is about to delete it.
  const path = (process.env.PATH ?? '').split(':').filter((folder) => folder !== bin);
  return new Promise((resolve) => {
    const child = spawn('npm', npmArgs, {
      cwd: root,
      env: { ...process.env, PATH: path.join(':') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    child.on('error', (error) => resolve({ code: error.code, output: error.message }));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

function whyNot(code, output) {
  const path = /path ['"]?([^'"\n]+)/.exec(output)?.[1];
  if (code === 'ENOENT') return 'there is no npm on PATH: install npm 10 or newer';
  if (code === 'SIGINT' || code === 'SIGTERM')
    return 'installing the packages was interrupted; the next start begins it again';
  if (/EACCES|EPERM|EROFS/.test(output))
    return `npm may not write ${path ?? 'one of its folders'}: make it writable, or set npm_config_cache to a folder of yours`;
  if (/ENOSPC/.test(output)) return 'the disk is full: the packages need 1 GB';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT/.test(output))
    return `npm cannot reach its registry; the packages have to be downloaded once\n${lastLines(output)}`;
  return `npm ci ended with ${code}\n${lastLines(output)}`;
}

function lastLines(output) {
  return output.trim().split('\n').slice(-12).join('\n');
}

function handOver(file, fileArgs) {
  const node = join(bin, 'node');
  if (!existsSync(node))
    end(
      `there is no Node 26 among the packages for ${process.platform} ${process.arch} (optional dependencies left out?)`,
    );
  const child = spawn(
    node,
    ['--conditions=@skyflo/source', '--import', join(root, 'tools/swc-hooks.mjs'), join(root, file), ...fileArgs],
    {
      // What it starts finds the same Node; whoever started us is named, so that it can end when we are gone.
      env: { ...process.env, PATH: `${bin}:${process.env.PATH ?? ''}`, SKYFLO_STARTED_BY: String(process.pid) },
      stdio: 'inherit',
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // An npm that is killed tells nobody.
  const startedBy = process.ppid;
  const isGone = () => process.ppid !== startedBy && child.kill('SIGTERM');
  if (process.env.npm_lifecycle_event !== undefined) setInterval(isGone, 500).unref();
  child.on('error', (error) => end(`${node} cannot be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

function end(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
