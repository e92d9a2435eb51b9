/** Starts everything once for all end-to-end suites, as `npm start` does, on free ports and in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, waitFor } from '../local/servers/index.ts';
import { type Stack, startStack } from '../local/stack/index.ts';
import { faultModule } from './fire/fault.ts';
import { onInterrupt } from '../tools/on-interrupt.ts';

declare global {
  var skyfloStack: Stack | undefined;
}

export default async function startForAll(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skyflo-e2e-'));
  const port = await freePort();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  let saidAt = 0;
  const signal = onInterrupt(async () => {
    const stack = await starting.catch(() => undefined); // Given up: it has left nothing running.
    await stack?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
  const starting = startStack({
    signal,
    dataDir,
    port,
    cluster: { kind: 'sandbox' },
    model: { kind: 'built-in' },
    admin: undefined,
    binDir: process.env['SKYFLO_BIN_DIR'],
    otlpUrl: undefined,
    reset: false,
    // What cannot be handled is given up after seconds.
    env: { ...process.env, GATE_MAX_TRIES: '3' },
    preload: (service) => faultModule(dataDir, service),
    // Struck again and again, on purpose.
    backoff: { firstMs: 200, mostMs: 200, healthyMs: 0 },
    report: {
      say,
      done: (_part, line) => say(line),
      progress: (_part, text) => {
        if (Date.now() - saidAt < 20_000) return;
        saidAt = Date.now();
        say(`… ${text}`);
      },
    },
  });
  const stack = await starting;
  globalThis.skyfloStack = stack;
  process.env['SKYFLO_E2E_URL'] = stack.url;
  process.env['SKYFLO_E2E_SETUP_URL'] = stack.setUpUrl;
  process.env['SKYFLO_E2E_DATA_DIR'] = dataDir;
  await waitFor(
    async () => {
      const answer = await fetch(`${stack.url}/api/v1/health/ready`);
      const { clusters } = (await answer.json()) as { clusters: { state: string }[] };
      return clusters[0]?.state === 'ready';
    },
    { timeoutMs: 20 * 60_000, everyMs: 500, what: 'the sandbox to be ready' },
  );
}
