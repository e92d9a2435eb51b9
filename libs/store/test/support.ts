import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createSeal, generateServiceKey, loadIdentity } from '@skyflo/bus';
import { newId, PersonId, RunStopRequested } from '@skyflo/contracts';
import type { Emission, Envelope, Publish } from '@skyflo/contracts';
import { createTestDatabase } from '@skyflo/testkit';
import type { TestDatabase } from '@skyflo/testkit';
import { migrate, openStore } from '../src/index.ts';
import type { Store, StoreOptions } from '../src/index.ts';

const root = join(import.meta.dirname, '../../..');
const identity = loadIdentity({ service: 'gateway', signingKey: generateServiceKey('gateway').signingKey });

/** A database with the gateway's schema migrated. */
export async function aMigratedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await migrate({ url: database.urlFor('gateway'), schema: 'gateway', migrations: [] });
  return database;
}

export function openGateway(url: string, options: Partial<StoreOptions> & { publish: Publish }): Promise<Store> {
  return openStore({ url, schema: 'gateway', migrations: [], seal: createSeal(identity), ...options });
}

export function aStop(emission: Partial<Emission<typeof RunStopRequested>> = {}): Emission<typeof RunStopRequested> {
  return {
    conversationId: newId(),
    runId: newId(),
    data: { by: { id: PersonId.parse(newId()), email: 'ada@example.com' } },
    ...emission,
  };
}

/** Where a test's events go: like a stream it stores an id once, and it can be away. */
export class TestStream {
  readonly stored: Envelope[] = [];
  duplicates = 0;
  failure: Error | undefined;
  readonly publish: Publish = async (envelopes) => {
    await delay(1);
    for (const envelope of envelopes) {
      if (this.failure) throw this.failure;
      if (this.stored.some(({ id }) => id === envelope.id)) this.duplicates += 1;
      else this.stored.push(envelope);
    }
  };

  sequences(): number[] {
    return this.stored.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b);
  }
}

export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(10);
  }
}

/** Another process of the same service; `line()` is the next one it prints. */
export function startProcess(name: string, env: Record<string, string>) {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@skyflo/source',
      '--import',
      join(root, 'tools/swc-hooks.mjs'),
      join(import.meta.dirname, 'processes', `${name}.ts`),
    ],
    { cwd: root, env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  return {
    line: async (): Promise<string | undefined> => (await lines.next()).value,
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    exited: async (): Promise<NodeJS.Signals | null> => {
      await exited;
      return child.signalCode;
    },
  };
}
