import type { ChatTool } from '../protocol.ts';

/** What rules know of a tool's arguments, whatever this tool calls them. */
export type Wish = {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly replicas?: number;
  readonly tail?: number;
  readonly warningsOnly?: boolean;
  readonly cluster?: string;
  readonly image?: string;
  readonly container?: string;
  readonly until?: string;
  readonly workload?: string;
  readonly manifest?: string;
  readonly force?: boolean;
  readonly what?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly unset?: readonly string[];
  readonly remove?: readonly string[] | true;
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
  readonly revision?: number;
  readonly min?: number;
  readonly max?: number;
  readonly key?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly type?: string;
  readonly patch?: object;
  readonly of?: string;
  readonly by?: string;
  readonly verb?: string;
  readonly path?: string;
  readonly group?: string;
  readonly evictUnmanaged?: boolean | undefined;
  readonly evictLocalData?: boolean | undefined;
  readonly full?: boolean;
  readonly chart?: string;
  readonly version?: string;
  readonly values?: Readonly<Record<string, string | number | boolean>>;
};

const spellings: Readonly<Record<keyof Wish, readonly string[]>> = {
  kind: ['kind', 'resource', 'resource_type', 'resourceType'],
  name: ['name', 'pod', 'pod_name', 'target', 'involved', 'object'],
  namespace: ['namespace', 'ns'],
  replicas: ['replicas', 'scale'],
  tail: ['tail', 'lines', 'num_lines', 'tail_lines'],
  warningsOnly: ['type', 'types', 'warningsOnly', 'warnings_only'],
  cluster: ['cluster'],
  image: ['image', 'container_image'],
  container: ['container', 'container_name'],
  until: ['until', 'for', 'condition'],
  workload: ['workload'],
  manifest: ['manifest', 'content', 'yaml'],
  force: ['force'],
  what: ['what'],
  set: ['set'],
  unset: ['unset'],
  remove: ['remove'],
  requests: ['requests'],
  limits: ['limits'],
  revision: ['to_revision', 'revision'],
  min: ['min'],
  max: ['max'],
  key: ['key'],
  value: ['value'],
  effect: ['effect'],
  type: ['type'],
  patch: ['patch'],
  of: ['of'],
  by: ['by'],
  verb: ['verb'],
  path: ['path'],
  group: ['group'],
  evictUnmanaged: ['evict_unmanaged'],
  evictLocalData: ['evict_local_data'],
  full: ['full'],
  chart: ['chart'],
  version: ['version'],
  values: ['values'],
};

export type PlannedCall = { readonly tool: string; readonly args: Readonly<Record<string, unknown>> };

/** The tools that came with the request; arguments are fitted to each tool's own schema, and what it lacks is left out. */
export class Toolbox {
  readonly #tools: ReadonlyMap<string, ChatTool>;
  #missed: string | undefined;

  constructor(tools: readonly ChatTool[]) {
    this.#tools = new Map(tools.map((tool) => [tool.function.name, tool]));
  }

  has(tool: string): boolean {
    const isThere = this.#tools.has(tool);
    if (!isThere) this.#missed ??= tool;
    return isThere;
  }

  /** The first tool that was asked for and is not there. */
  get missed(): string | undefined {
    return this.#missed;
  }

  takes(tool: string, wish: keyof Wish): boolean {
    return this.#spelling(tool, wish) !== undefined;
  }

  /** The call, or nothing where there is no such tool. */
  call(tool: string, wish: Wish): PlannedCall[] {
    if (!this.has(tool)) return [];
    const args: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(wish) as [keyof Wish, unknown][]) {
      const name = this.#spelling(tool, key);
      if (name === undefined || value === undefined || value === '') continue;
      if (key === 'warningsOnly' && name.startsWith('type')) args[name] = 'Warning';
      else args[name] = value;
    }
    if (wish.namespace === '') {
      const everywhere = this.#property(tool, ['all_namespaces', 'allNamespaces']);
      if (everywhere !== undefined) args[everywhere] = true;
    }
    return [{ tool, args }];
  }

  #spelling(tool: string, key: keyof Wish): string | undefined {
    return this.#property(tool, spellings[key]);
  }

  #property(tool: string, names: readonly string[]): string | undefined {
    const properties = this.#tools.get(tool)?.function.parameters?.['properties'];
    if (typeof properties !== 'object' || properties === null) return undefined;
    return names.find((name) => name in properties);
  }
}
