import { CallerClaims, Envelope, Failure, newId, type ServiceName } from '@skyflo/contracts';
import type { Identity } from './identity.ts';
import type { KeyRing } from './key-ring.ts';
import { signEnvelope, verifyEnvelope } from './signature.ts';

/** What tells it from an event and a question, which are signed with the same key. */
const type = 'caller-token.v1';
/** Only the gateway knows who somebody is. */
const issuer = 'gateway' satisfies ServiceName;
const livesMs = 60_000;
/** The clocks of two machines may differ by this much. */
const leewayMs = 5_000;

export type CallerToken = {
  /** Made afresh for each token: what is begun under it is begun once. */
  readonly id: string;
  readonly claims: CallerClaims;
};

/** Says to one service on whose behalf a request is made, for a minute. Text that fits a header. */
export function mintCallerToken(
  identity: Identity,
  { claims, audience, now }: { readonly claims: CallerClaims; readonly audience: ServiceName; readonly now: Date },
): string {
  const envelope = signEnvelope(identity, {
    specversion: '1.0',
    id: newId(),
    source: identity.service,
    type,
    subject: audience,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    data: CallerClaims.parse(claims),
  });
  return Buffer.from(JSON.stringify(envelope)).toString('base64url');
}

/**
 * Who a token speaks for. Throws a terminal Failure: `CallerTokenMalformed`, `CallerTokenForAnother`, `CallerTokenExpired`, or
 * what `verifyEnvelope` says of its signature.
 */
export function readCallerToken(
  keyRing: KeyRing,
  token: string,
  { audience, now }: { readonly audience: ServiceName; readonly now: Date },
): CallerToken {
  const envelope = parse(token);
  verifyEnvelope(keyRing, envelope, { from: [issuer] });
  if (envelope.type !== type || envelope.subject !== audience)
    throw Failure.terminal('CallerTokenForAnother', `${envelope.type} for ${envelope.subject} is none for ${audience}`);
  const ageMs = now.getTime() - Date.parse(envelope.time);
  if (ageMs > livesMs || ageMs < -leewayMs)
    throw Failure.terminal('CallerTokenExpired', `the caller token of ${envelope.time} is not good now`);
  const claims = CallerClaims.safeParse(envelope.data);
  if (!claims.success) throw malformed();
  return { id: envelope.id, claims: claims.data };
}

function parse(token: string): Envelope {
  let raw: unknown;
  try {
    raw = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    throw malformed();
  }
  const parsed = Envelope.safeParse(raw);
  if (!parsed.success) throw malformed();
  return raw as Envelope; // As it came: the signature is over every member, known to us or not.
}

function malformed(): Failure {
  return Failure.terminal('CallerTokenMalformed', 'the caller token cannot be read');
}
