import type { WriteRequest } from '@skyflo/kube';
import { z } from 'zod';
import type { Values } from './release.ts';

const Given = z.record(z.string(), z.json()).transform((given): Values => given);
const target = {
  namespace: z.string(),
  name: z.string(),
  /** The newest revision that was stored when this was planned; 0 where there was none. Another one means: plan again. */
  revision: z.number().int().min(0),
};
const chart = {
  repository: z.string(),
  chart: z.string(),
  version: z.string(),
  /** SHA-256 of the package: what is fetched again must be the very same. */
  sha256: z.string(),
  /** All that is given, nothing of it left to what Helm remembers. */
  values: Given,
  /** Keyed digest of what it rendered to. */
  rendered: z.string(),
};

/** What Helm is to do, complete before anybody approves it. */
export const Operation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('install'), ...target, ...chart }),
  z.object({ kind: z.literal('upgrade'), ...target, ...chart }),
  z.object({ kind: z.literal('rollback'), ...target, to: z.number().int().min(1), rendered: z.string() }),
  z.object({ kind: z.literal('uninstall'), ...target, keepHistory: z.boolean() }),
]);
export type Operation = z.infer<typeof Operation>;
export type ChartOperation = Extract<Operation, { kind: 'install' | 'upgrade' }>;

/** Plans and ledgers name a release as an object of a kind that no API server serves: nothing but Helm can be sent to it. */
export const releaseType = { group: 'helm.sh', version: 'v1', resource: 'releases', kind: 'Release' } as const;

const verbs = { install: 'create', upgrade: 'patch', rollback: 'patch', uninstall: 'delete' } as const;

export function verbOf({ kind }: Operation): 'create' | 'patch' | 'delete' {
  return verbs[kind];
}

/** The request of a release: its bytes are the operation. */
export function releaseRequest(operation: Operation): WriteRequest {
  const { group, version, resource } = releaseType;
  const { namespace, name } = operation;
  const target = { group, version, resource, namespace, name };
  return { verb: verbOf(operation), target, body: JSON.stringify(operation), options: {} };
}

export function isRelease({ target }: WriteRequest): boolean {
  return target.group === releaseType.group && target.resource === releaseType.resource;
}

/** The revision that comes of it. */
export function nextRevision({ kind, revision }: Operation): number {
  return kind === 'uninstall' ? revision : revision + 1;
}
