import { Envelope, entryOf, Failure, subjectOf, type CatalogEntry } from '@skyflo/contracts';
import type { KeyRing } from '../keys/key-ring.ts';
import { verifyEnvelope } from '../keys/signature.ts';
import { maxAgeMs } from '../topology/limits.ts';

export type AcceptRules = {
  readonly keyRing: KeyRing;
  readonly now: () => Date;
  /** `decision`: somebody acts on it. `history`: it is recorded or shown, so retired keys count too. */
  readonly use: 'decision' | 'history';
};

export type Accepted = {
  readonly entry: CatalogEntry;
  /** As it was signed, members we do not know included; so the signature can be checked again later. */
  readonly envelope: Envelope;
  /** `envelope.data` as its schema reads it. */
  readonly data: unknown;
};

/**
 * What it takes to believe a message of a stream. A subject proves nothing about the sender: permissions do not cover reply
 * subjects, so whoever may ask the server for anything can have its answer stored under a subject it may not publish to.
 * Hence: an envelope of a known type, whose own subject is the one it arrived on and the one its ids make, not older than
 * the stream keeps, said by a service the catalog allows and signed with that service's key. Deltas are unsigned.
 *
 * Throws a terminal Failure that says what was wrong and who is said to have sent it.
 */
export function acceptEvent(payload: Uint8Array, subject: string, rules: AcceptRules): Accepted {
  const envelope = readEnvelope(payload, subject);
  const entry = entryOf(envelope.type);
  if (!entry) throw Failure.terminal('EventUnknown', `${said(envelope)} is of no type in the catalog`);
  if (envelope.subject !== subject || expectedSubject(entry, envelope) !== subject)
    throw Failure.terminal('SubjectMismatch', `${said(envelope)} arrived on ${subject}, which is not its own`);
  if (rules.now().getTime() - Date.parse(envelope.time) > maxAgeMs)
    throw Failure.terminal('EventTooOld', `${said(envelope)} of ${envelope.time} is older than its stream keeps`);
  if (entry.event.kind === 'event')
    verifyEnvelope(rules.keyRing, envelope, { from: entry.from, retired: rules.use === 'history' });
  else if (!entry.from.includes(envelope.source))
    throw Failure.terminal('EmitterNotAllowed', `${envelope.source} may not say ${envelope.type} ${envelope.id}`);
  const data = entry.event.data.safeParse(envelope.data);
  if (!data.success) throw Failure.terminal('DataInvalid', `${said(envelope)}: ${data.error.message}`);
  return { entry, envelope, data: data.data };
}

/** An envelope from the wire, every member kept. Throws a terminal Failure. */
export function readEnvelope(payload: Uint8Array, subject: string): Envelope {
  let raw: unknown;
  try {
    raw = JSON.parse(decoder.decode(payload));
  } catch {
    throw Failure.terminal('EnvelopeMalformed', `what arrived on ${subject} is not JSON`);
  }
  const parsed = Envelope.safeParse(raw);
  if (!parsed.success)
    throw Failure.terminal(
      'EnvelopeMalformed',
      `what arrived on ${subject} is not an envelope: ${parsed.error.message}`,
    );
  return raw as Envelope; // Checked above; the parsed copy lacks members we do not know, which are signed too.
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function expectedSubject(entry: CatalogEntry, { conversationid, runid }: Envelope): string | undefined {
  if (entry.stream === 'RUNS' && conversationid === undefined) return undefined;
  return subjectOf(entry, {
    ...(conversationid === undefined ? {} : { conversationId: conversationid }),
    ...(runid === undefined ? {} : { runId: runid }),
  });
}

function said({ type, id, source }: Envelope): string {
  return `${type} ${id}, said to be from ${source},`;
}
