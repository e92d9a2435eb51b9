import { z } from 'zod';
import { services } from './services.ts';

/**
 * What every event, question and answer travels in: CloudEvents 1.0 in JSON, with extension attributes.
 *
 * - `subject` is the NATS subject it is published on; a consumer refuses an envelope whose body names another.
 * - `sequence` counts per (source, run) from 1 in the emitter's transaction, ten digits with leading zeros (the CloudEvents
 *   sequence extension wants text that sorts); a gap means an event is missing. Events only.
 * - `causationid` is the id of the envelope this one answers or follows from.
 * - `sig` is base64url of Ed25519 over RFC 8785 JSON of the envelope without `sig`; `kid` names the key.
 */
export const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(200),
  source: z.enum(services),
  type: z.string(),
  subject: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  sequence: z
    .string()
    .regex(/^\d{10}$/)
    .optional(),
  conversationid: z.string().optional(),
  runid: z.string().optional(),
  causationid: z.string().optional(),
  traceparent: z.string().optional(),
  kid: z.string().optional(),
  sig: z.string().optional(),
  data: z.unknown(),
});
export type Envelope<Type extends string = string, Data = unknown> = Omit<z.infer<typeof Envelope>, 'type' | 'data'> & {
  readonly type: Type;
  readonly data: Data;
};

export function toSequence(n: number): string {
  return String(n).padStart(10, '0');
}
