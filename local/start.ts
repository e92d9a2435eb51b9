/** `npm start`. */
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { openBrowser } from './open-browser.ts';
import { parseOptions, UsageError } from './options.ts';
import type { StartOptions } from './options.ts';
import { StartError, startStack } from './stack/index.ts';
import type { Stack } from './stack/index.ts';
import { Terminal } from './terminal.ts';
import { usage } from './usage.ts';

const root = join(import.meta.dirname, '..');
const { env } = process;

// A terminal that was closed must not end us before everything is stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const terminal = new Terminal(process.stdout);
const stopping = stopSignal();

try {
  process.exitCode = await main();
} catch (error) {
  if (stopping.aborted) {
    terminal.say('Stopped before everything was up.');
    process.exitCode = 130;
  } else {
    const isForPeople = error instanceof StartError || error instanceof UsageError;
    process.stderr.write(`${isForPeople ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
// Whatever a library still holds open has no owner here any more.
process.exit();

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), { env, folder: env['INIT_CWD'] ?? process.cwd(), root });
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (options.reset && !(await mayReset(options))) return 1;
  for (const notice of options.notices) terminal.say(`${notice}.`);
  const stack = await startStack({ ...options, rollouts: true, env, report: terminal, signal: stopping });
  tell(stack, options);
  if (options.open) openBrowser(stack.setUpUrl ?? stack.url, env);
  await new Promise((resolve) => {
    if (stopping.aborted) resolve(undefined);
    else stopping.addEventListener('abort', resolve, { once: true });
  });
  terminal.say('Stopping …');
  await stack.stop();
  terminal.say('Everything is stopped. The next start finds its data again.');
  return 0;
}

function tell({ url, setUpUrl, layout }: Stack, { cluster, model }: StartOptions): void {
  const rows = {
    Console: url,
    ...(setUpUrl === undefined ? {} : { 'Set-up': `${setUpUrl}  (once: it makes the first admin)` }),
    Cluster: cluster.kind === 'sandbox' ? 'sandbox' : `context ${cluster.context} of ${cluster.kubeconfig}`,
    Model:
      model.kind === 'built-in'
        ? 'built-in rules (no real model; see LLM_BASE_URL in --help)'
        : `${model.name} at ${model.baseUrl}`,
    Data: layout.dataDir,
    Logs: layout.logs,
  };
  terminal.say(
    `\n${Object.entries(rows)
      .map(([name, value]) => `  ${name.padEnd(8)} ${value}`)
      .join('\n')}\n\nCtrl-C stops everything.`,
  );
}

/** Asks where somebody can answer; where nobody can, the flag was the answer. */
async function mayReset({ dataDir }: StartOptions): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const terminalInput = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminalInput.question(
      `Delete all conversations, keys and the sandbox in ${dataDir}? [y/N] `,
      { signal: stopping },
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminalInput.close();
  }
}

/**
 * Aborts when we are asked to end, or when whoever started us is gone. The terminal, npm and the bootstrap each pass a
 * Ctrl-C on, so it arrives several times and means the same each time: every part of stopping has its time limit.
 */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  const startedBy = Number(env['SKYFLO_STARTED_BY']);
  if (startedBy > 0) setInterval(() => process.ppid === startedBy || controller.abort(), 500).unref();
  return controller.signal;
}
