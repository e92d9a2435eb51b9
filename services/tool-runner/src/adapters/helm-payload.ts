import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Failure, type Json } from '@skyflo/contracts';
import { z } from 'zod';

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
});
export type Payload = z.infer<typeof Payload>;

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
    return Payload.parse(JSON.parse(json.toString('utf8')));
  } catch (error) {
    const isTooLarge = z.object({ code: z.literal('ERR_BUFFER_TOO_LARGE') }).safeParse(error).success;
    const why = isTooLarge ? 'it is larger than 16 MiB' : 'it is not what Helm stores';
    throw Failure.terminal('ReleaseUnreadable', `${what} cannot be read: ${why}.`, { cause: error });
  }
}
