import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServiceName } from '@skyflo/contracts';
import { waitFor } from '../../local/servers/index.ts';

export type Point = {
  readonly service: ServiceName;
  readonly operation: 'commit' | 'publish' | 'request';
  readonly moment: 'before' | 'after';
  /** A pattern on the events' types, the transaction's name, or the request's method. */
  readonly about: string;
};
/** A signal to itself, or standing still while the test strikes something else. */
export type How = 'SIGKILL' | 'SIGSTOP' | 'hold';

const folderIn = (dataDir: string) => join(dataDir, 'faults');

/** The module that makes a service of this stack strike itself where it is told to. */
export function faultModule(dataDir: string, service: ServiceName): string {
  const folder = folderIn(dataDir);
  mkdirSync(folder, { recursive: true });
  const module = pathToFileURL(join(import.meta.dirname, 'faults.mjs'));
  module.search = new URLSearchParams({ folder, service }).toString();
  return module.href;
}

/** A fault that is armed: it strikes once. */
export class Fault {
  readonly #file: (kind: string) => string;
  readonly #point: Point;

  constructor(dataDir: string, point: Point) {
    this.#point = point;
    this.#file = (kind) => join(folderIn(dataDir), `${point.service}.${kind}`);
  }

  arm(how: How): void {
    const { operation, moment, about } = this.#point;
    this.disarm();
    // The service may look at any moment: it finds all of it or nothing.
    writeFileSync(this.#file('new'), JSON.stringify({ operation, moment, about, how }));
    renameSync(this.#file('new'), this.#file('json'));
  }

  async struck(): Promise<void> {
    await waitFor(async () => existsSync(this.#file('struck')), {
      timeoutMs: 60_000,
      everyMs: 5,
      what: `the fault of ${nameOf(this.#point)} to strike`,
    });
  }

  /** Lets a service that stands still go on. */
  release(): void {
    writeFileSync(this.#file('go'), '');
  }

  disarm(): void {
    for (const kind of ['json', 'struck', 'go']) rmSync(this.#file(kind), { force: true });
  }
}

export function nameOf({ service, operation, moment, about }: Point): string {
  return `${service}, ${moment} ${operation} ${about.replaceAll('\\', '')}`;
}
