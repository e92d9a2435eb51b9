import { sign, verify } from 'node:crypto';
import { canonicalJson, Failure, type Envelope, type ServiceName } from '@skyflo/contracts';
import type { Identity } from './identity.ts';
import type { KeyRing } from './key-ring.ts';

/** The envelope with `kid` and `sig`: Ed25519 over the RFC 8785 JSON of all of it but `sig`. */
export function signEnvelope(identity: Identity, envelope: Omit<Envelope, 'kid' | 'sig'>): Envelope {
  const unsigned = { ...envelope, kid: identity.kid };
  return { ...unsigned, sig: sign(null, signedBytes(unsigned), identity.signingKey).toString('base64url') };
}

export type VerifyOptions = {
  /** Services that may say this. */
  readonly from: readonly ServiceName[];
  /** Whether keys that were retired still count: yes for history, no (the default) for whatever is acted on. */
  readonly retired?: boolean;
};

/**
 * Throws a terminal Failure unless the envelope was signed, with a key of its own `source`, by one of `from`:
 * `EmitterNotAllowed`, `KeyUnknown`, `KeyRetired` or `SignatureInvalid`. Takes the envelope as it was received, since the
 * signature is over every member, known to us or not.
 */
export function verifyEnvelope(keyRing: KeyRing, envelope: Envelope, { from, retired = false }: VerifyOptions): void {
  const { source, kid, sig, ...rest } = envelope;
  const what = `${envelope.type} ${envelope.id}`;
  if (!from.includes(source)) throw Failure.terminal('EmitterNotAllowed', `${source} may not say ${what}`);
  const known = kid === undefined ? undefined : keyRing.find(kid);
  if (!known || known.service !== source)
    throw Failure.terminal('KeyUnknown', `${what} names the key ${kid ?? '(none)'}, which is none of ${source}`);
  if (known.retired && !retired)
    throw Failure.terminal('KeyRetired', `${what} is signed with ${kid}, which ${source} no longer uses`);
  const signature = Buffer.from(sig ?? '', 'base64url');
  if (!verify(null, signedBytes({ ...rest, source, kid }), known.key, signature))
    throw Failure.terminal('SignatureInvalid', `the signature of ${what} is not ${source}'s`);
}

function signedBytes(envelope: object): Buffer {
  return Buffer.from(canonicalJson(envelope));
}
