import {
  Failure,
  type Finding,
  type Json,
  type JsonObject,
  type RolloutView,
  type ToolDescription,
} from '@skyflo/contracts';
import { z } from 'zod';
import type { KubeObject } from '@skyflo/kube';
import type { Draft } from '../domain/draft.ts';
import type { Charts } from '../domain/helm/charts.ts';
import type { ReleaseDraft } from '../domain/helm/release-draft.ts';
import type { Releases } from '../domain/helm/release.ts';
import type { HelmWriter } from '../domain/helm/writer.ts';
import type { Access, ClusterView, TryApply, TryOut } from '../domain/ports.ts';
import type { Toolset } from './toolsets.ts';

/** What a tool is given besides its arguments: eyes, a clock, and a signal that ends it. No way to change anything. */
export type Look = {
  /** For reads, secrets are masked already; for plans they are not, because old values are tested for. */
  readonly cluster: ClusterView;
  readonly access: Access;
  /** What Helm installed; masked like everything else. */
  readonly releases: Releases;
  readonly charts: Charts;
  readonly now: () => Date;
  readonly signal: AbortSignal;
};

/** What changes are tried out with: the cluster says what it would make of one. Nothing is stored. */
export type TrialLook = Look & { readonly tryOut: TryOut; readonly tryApply: TryApply };

/** What a plan is made with. */
export type PlanLook = TrialLook & {
  /** A few letters and digits of the grant: names that end in them are given by this plan alone. */
  readonly suffix: string;
};

/** What previews show has to be told, which masks secrets and tells two of them apart. */
export type PreviewLook = TrialLook & { readonly told: (object: KubeObject) => KubeObject };

/** What a tool is given that has Helm change something: dry runs of it besides, and digests with the tool-runner's key. */
export type ReleaseLook = Look & {
  readonly helm: Pick<HelmWriter, 'prepare'>;
  readonly keyed: (text: string) => string;
};

/**
 * `text` is for the model and for people, `facts` for code: small named values that checks compare. `findings` say what a
 * diagnosis says in its text once more, for people to click on; `rollout` does so for a console to draw.
 */
export type Answer = {
  readonly text: string;
  readonly facts?: { readonly [name: string]: Json };
  readonly findings?: readonly Finding[];
  readonly rollout?: RolloutView;
};

type Common<Args extends z.ZodObject> = {
  /** `k8s_scale`: the family, then what it does. */
  readonly name: string;
  readonly title: string;
  /** Where it is found: in every list, or in one that is loaded when it is wanted. */
  readonly toolset: Toolset;
  /** Teaches the model when to use it and what it gets; two or three sentences, because every model call carries it. */
  readonly description: string;
  /** A strict object: what is not named here is refused. Every string and number has a limit. */
  readonly args: Args;
};
type ReadDefinition<Args extends z.ZodObject> = Common<Args> & {
  /** How long it may wait on purpose, beyond what its requests take. */
  readonly waitsMs?: (args: z.infer<Args>) => number;
  readonly read: (args: z.infer<Args>, look: Look) => Promise<Answer>;
};
type PreviewDefinition<Args extends z.ZodObject> = Common<Args> & {
  readonly preview: (args: z.infer<Args>, look: PreviewLook) => Promise<Answer>;
};
type WriteDefinition<Args extends z.ZodObject> = Common<Args> & {
  /** As in MCP: doing it twice is as doing it once; it may take something away. */
  readonly hints: { readonly idempotent: boolean; readonly destructive: boolean };
  readonly plan: (args: z.infer<Args>, look: PlanLook) => Promise<Draft>;
};

type Hints = { readonly idempotent: boolean; readonly destructive: boolean };
type ReleaseDefinition<Args extends z.ZodObject> = Common<Args> & {
  readonly hints: Hints;
  readonly plan: (args: z.infer<Args>, look: ReleaseLook) => Promise<ReleaseDraft>;
};

/** A tool that only looks. */
export type ReadTool = Common<z.ZodObject> & {
  readonly class: 'read';
  /** Whether it may wait on purpose at all. */
  readonly mayWait: boolean;
  readonly waitsMs: (args: JsonObject) => number;
  readonly read: (args: JsonObject, look: Look) => Promise<Answer>;
};
/** A tool that changes something: it says what, as a draft; requests, approval, ledger and sending are the same for all. */
export type WriteTool = Common<z.ZodObject> & {
  readonly class: 'write';
  readonly hints: { readonly idempotent: boolean; readonly destructive: boolean };
  readonly plan: (args: JsonObject, look: PlanLook) => Promise<Draft>;
};
/** A tool that tries a change out and shows what it would do: nothing is changed, so nobody has to approve it. */
export type PreviewTool = Common<z.ZodObject> & {
  readonly class: 'preview';
  readonly preview: (args: JsonObject, look: PreviewLook) => Promise<Answer>;
};
/** A tool that has Helm change a release: it says what and how that differs; the rest is the same for all of them. */
export type ReleaseTool = Common<z.ZodObject> & {
  readonly class: 'write';
  readonly hints: Hints;
  readonly planRelease: (args: JsonObject, look: ReleaseLook) => Promise<ReleaseDraft>;
};
export type Tool = ReadTool | PreviewTool | WriteTool | ReleaseTool;

/** Defines a tool of class read. Arguments are checked before `read` sees them. */
export function readTool<Args extends z.ZodObject>(tool: ReadDefinition<Args>): ReadTool {
  return {
    ...tool,
    class: 'read',
    mayWait: tool.waitsMs !== undefined,
    waitsMs: (args) => tool.waitsMs?.(parseArgs(tool, args)) ?? 0,
    read: async (args, look) => tool.read(parseArgs(tool, args), look),
  };
}

/** Defines a tool of class preview. */
export function previewTool<Args extends z.ZodObject>(tool: PreviewDefinition<Args>): PreviewTool {
  return { ...tool, class: 'preview', preview: async (args, look) => tool.preview(parseArgs(tool, args), look) };
}

/** Defines a tool of class write. Throw a terminal Failure from `plan` for what must not or need not be done. */
export function writeTool<Args extends z.ZodObject>(tool: WriteDefinition<Args>): WriteTool {
  return { ...tool, class: 'write', plan: async (args, look) => tool.plan(parseArgs(tool, args), look) };
}

/** Defines a tool of class write that changes a Helm release. */
export function releaseTool<Args extends z.ZodObject>(tool: ReleaseDefinition<Args>): ReleaseTool {
  const { plan, ...rest } = tool;
  return { ...rest, class: 'write', planRelease: async (args, look) => plan(parseArgs(tool, args), look) };
}

/** Lengths are not told: no model counts characters, every call of one carries this, and who exceeds one is told then. */
export function describeTool({ name, title, toolset, description, args, class: toolClass }: Tool): ToolDescription {
  const { $schema: _schema, ...inputSchema } = z.toJSONSchema(args, {
    io: 'input',
    override: ({ jsonSchema }) => {
      delete jsonSchema.minLength;
      delete jsonSchema.maxLength;
    },
  });
  return {
    name,
    title,
    toolset,
    description,
    class: toolClass,
    inputSchema: inputSchema as ToolDescription['inputSchema'],
  };
}

/** Throws a terminal Failure that names every field that does not fit. */
export function parseArgs<Args extends z.ZodObject>(
  tool: Pick<Common<Args>, 'name' | 'args'>,
  args: JsonObject,
): z.infer<Args> {
  const parsed = tool.args.safeParse(args);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`);
  throw Failure.terminal('InvalidArguments', `${tool.name} was called with wrong arguments. ${problems.join('. ')}.`);
}
