import { z } from 'zod';
import { GrantId } from './ids.ts';
import { canonicalJson, sha256Hex } from './json.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'lower-case hex SHA-256');

/** The object a request is about, in Kubernetes' own words. `resource` is the plural of the API path. */
export const ObjectRef = z.object({
  group: z.string(),
  version: z.string(),
  resource: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  uid: z.string().optional(),
});
export type ObjectRef = z.infer<typeof ObjectRef>;

/** One HTTP request that will be sent, named so that a person and an API server can tell it from every other. */
export const PlanRequest = z.object({
  verb: z.enum(['create', 'patch', 'apply', 'delete']),
  object: ObjectRef,
  /** True where the object must not exist when the request arrives. */
  absent: z.boolean(),
  subresource: z.string().optional(),
  /** HMAC-SHA-256 with a key of the tool-runner over exactly the bytes that will be sent (a bare hash of a Secret can be guessed). */
  bytesDigest: digest,
  /** Query options that change what the server does with it: `fieldManager`, `propagationPolicy`, … */
  options: z.record(z.string(), z.string()),
});
export type PlanRequest = z.infer<typeof PlanRequest>;

/** One field, as a JSON pointer, with its values before and after; `null` is absence. Secret values are keyed fingerprints. */
export const FieldChange = z.object({ path: z.string(), from: z.json(), to: z.json() });
export type FieldChange = z.infer<typeof FieldChange>;

export const ObjectChange = z.object({
  object: ObjectRef,
  changes: z.array(FieldChange),
  /** The object as YAML before and after, trimmed of what only the server writes and with secrets masked: the diff that is drawn. */
  before: z.string(),
  after: z.string(),
});
export type ObjectChange = z.infer<typeof ObjectChange>;

export const Notice = z.object({ code: z.string(), message: z.string() });
export type Notice = z.infer<typeof Notice>;

/**
 * What a person approves: what is displayed and what is hashed, in one value. The requests that are executed are these and
 * no others; a plan that no longer fits the world is refused and made anew under a new revision.
 */
export const Plan = z.object({
  v: z.literal(1),
  cluster: z.string(),
  tool: z.string(),
  argsDigest: digest,
  grantId: GrantId,
  /** One sentence of effect, for the head of the card. */
  effect: z.string(),
  risk: z.object({ level: z.enum(['low', 'medium', 'high']), reasons: z.array(z.string()) }),
  requests: z.array(PlanRequest).min(1),
  changes: z.array(ObjectChange),
  warnings: z.array(Notice),
  /** What only the server assigns, in words. */
  notKnownYet: z.array(z.string()),
  blastRadius: z.object({
    summary: z.string(),
    podsReplaced: z.number().int().min(0),
    podsAdded: z.number().int().min(0),
    podsRemoved: z.number().int().min(0),
  }),
  reversible: z.object({ possible: z.boolean(), how: z.string() }),
  /** 0: the API server does not enforce grants. 1: it refuses our writes without one. 2: it also refuses any other object. */
  guardLevel: z.union([z.literal(0), z.literal(1), z.literal(2)]),
});
export type Plan = z.infer<typeof Plan>;

/** SHA-256 over canonical JSON of the plan, lower-case hex. The gate and the browser compute it with this same code. */
export function planDigest(plan: Plan): string {
  return sha256Hex(canonicalJson(plan));
}
