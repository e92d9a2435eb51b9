import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Failure, type Json } from '@skyflo/contracts';
import { z } from 'zod';
import type { Release } from '../domain/helm/release.ts';
import { readManifest } from './helm-manifest.ts';

/** A Secret holds a megabyte; packed that tightly it could be a thousand. The largest charts in use come to some ten. */
const maxBytes = 16 * 1024 * 1024;
const unzip = promisify(gunzip);

const Values = z
  .record(z.string(), z.json())
  .nullish()
  .transform((values): { readonly [key: string]: Json } => values ?? {});
const Payload = z.object({
  info: z.object({
    first_deployed: z.string().optional(),
    last_deployed: z.string().optional(),
    description: z.string().optional(),
    notes: z.string().optional(),
    status: z.string().optional(),
  }),
  chart: z.object({
    metadata: z.object({ name: z.string(), version: z.string(), appVersion: z.string().optional() }),
    values: Values,
  }),
  config: Values,
  manifest: z.string().default(''),
  hooks: z
    .array(
      z.object({
        path: z.string().optional(),
        manifest: z.string().default(''),
        events: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
  version: z.number().optional(),
});
export type Payload = z.infer<typeof Payload>;

/** A release as Helm writes it, wherever it does: into its Secrets, and as the output of an install or an upgrade. */
export function parsePayload(json: string): Payload {
  return Payload.parse(JSON.parse(json));
}

/**
 * What Helm keeps of a revision: JSON, gzipped, as base64, in the data of a Secret, which is base64 once more. Anybody who may
 * create Secrets in the namespace can have written it: it is bounded and checked, and its own name and revision not believed.
 */
export async function readPayload(data: unknown, what: string): Promise<Payload> {
  const { release } = z.object({ release: z.string() }).catch({ release: '' }).parse(data);
  const bytes = Buffer.from(Buffer.from(release, 'base64').toString('latin1'), 'base64');
  try {
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const json = isPacked ? await unzip(bytes, { maxOutputLength: maxBytes }) : bytes;
    return parsePayload(json.toString('utf8'));
  } catch (error) {
    const isTooLarge = z.object({ code: z.literal('ERR_BUFFER_TOO_LARGE') }).safeParse(error).success;
    const why = isTooLarge ? 'it is larger than 16 MiB' : 'it is not what Helm stores';
    throw Failure.terminal('ReleaseUnreadable', `${what} cannot be read: ${why}.`, { cause: error });
  }
}

/** Of where it is and how it is called, only what is known from elsewhere is believed. */
export async function toRelease(
  at: { readonly namespace: string; readonly name: string; readonly revision?: number; readonly status?: string },
  { config, chart, info, manifest, hooks, version }: Payload,
): Promise<Release> {
  const parts = await readManifest(manifest);
  for (const hook of hooks ?? []) {
    const source = hook.path === undefined ? {} : { source: hook.path };
    const made = await readManifest(hook.manifest, hook.events ?? []);
    parts.push(...made.map((part) => ({ ...part, ...source })));
  }
  return {
    namespace: at.namespace,
    name: at.name,
    revision: at.revision ?? version ?? 1,
    status: at.status ?? info.status ?? 'unknown',
    chart: chart.metadata,
    firstDeployed: info.first_deployed,
    lastDeployed: info.last_deployed,
    description: info.description,
    values: config,
    chartValues: chart.values,
    notes: info.notes ?? '',
    manifest: parts,
  };
}
