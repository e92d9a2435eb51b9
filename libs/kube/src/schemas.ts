import { Failure } from '@skyflo/contracts';
import { z } from 'zod';
import { openApiPath } from './api-path.ts';
import { parseAnswer, parseJsonAnswer } from './parse-answer.ts';
import type { ResourceType } from './resource-type.ts';
import type { Get } from './transport.ts';

/** The schemas of one group version by name, as the OpenAPI v3 document has them: their references lead within. */
export type SchemaBook = { readonly [name: string]: unknown };

type Known = { readonly book: Promise<SchemaBook>; readonly at: number };
type Options = { readonly ttlMs?: number; readonly now?: () => number };

const Document = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) });
/** A document is up to some megabytes: a cluster full of CRDs must not fill the process. */
const mostBooks = 12;

/** What the fields of a cluster's kinds mean. Kept per group version for ten minutes, the last dozen that were asked for. */
export class Schemas {
  readonly #get: Get;
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor(get: Get, options: Options = {}) {
    this.#get = get;
    this.#ttlMs = options.ttlMs ?? 600_000;
    this.#now = options.now ?? Date.now;
  }

  /** Throws a terminal Failure `SchemaMissing` where the API server has no OpenAPI v3 document for the group. */
  async of({ group, version }: Pick<ResourceType, 'group' | 'version'>): Promise<SchemaBook> {
    const key = `${group}/${version}`;
    const held = this.#known.get(key);
    this.#known.delete(key);
    const known =
      held && this.#now() - held.at < this.#ttlMs ? held : { book: this.#fetch(group, version), at: this.#now() };
    // Inserted anew, so that the first of the map is the one that was not asked for the longest.
    this.#known.set(key, known);
    for (const oldest of [...this.#known.keys()].slice(0, -mostBooks)) this.#known.delete(oldest);
    try {
      return await known.book;
    } catch (error) {
      if (this.#known.get(key) === known) this.#known.delete(key);
      throw error;
    }
  }

  async #fetch(group: string, version: string): Promise<SchemaBook> {
    try {
      const text = await this.#get(openApiPath(group, version));
      return parseAnswer(Document, parseJsonAnswer(text), 'OpenAPI documents').components.schemas;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'NotFound') throw error;
      const what = group === '' ? `the core group ${version}` : `${group}/${version}`;
      throw Failure.terminal('SchemaMissing', `The cluster describes no fields of ${what}.`, { cause: error });
    }
  }
}
