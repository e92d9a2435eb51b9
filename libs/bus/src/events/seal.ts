import {
  entryOf,
  Failure,
  newId,
  subjectOf,
  toSequence,
  type CatalogEntry,
  type Emission,
  type Envelope,
  type EventDefinition,
  type Seal,
} from '@skyflo/contracts';
import type { Identity } from '../keys/identity.ts';
import { signEnvelope } from '../keys/signature.ts';

/**
 * Makes and signs the envelopes of a service's events. Throws a terminal Failure for an event that is not this service's to
 * say (`EmitterNotAllowed`) and for data that does not fit its schema (`DataInvalid`). `traceparent` is asked for the trace
 * that the emission belongs to (W3C Trace Context).
 */
export function createSeal(identity: Identity, now: () => Date = () => new Date(), traceparent?: Traceparent): Seal {
  return (event, emission, sequence) =>
    sealEvent(identity, event, { emission, sequence, now: now(), traceparent: traceparent?.() });
}

/** The W3C `traceparent` of what is being done now, if it belongs to a trace. */
export type Traceparent = () => string | undefined;
export type Sealing = {
  readonly emission: Emission;
  readonly sequence: number;
  readonly now: Date;
  readonly traceparent: string | undefined;
};

export function sealEvent(
  identity: Identity,
  event: EventDefinition,
  { emission, sequence, now, traceparent }: Sealing,
): Envelope {
  const entry = entryFrom(identity, event);
  const parsed = event.data.safeParse(emission.data);
  if (!parsed.success)
    throw Failure.terminal('DataInvalid', `${event.type}: ${parsed.error.message}`, { cause: parsed.error });
  return signEnvelope(identity, {
    specversion: '1.0',
    id: emission.id ?? newId(),
    source: identity.service,
    type: event.type,
    subject: subjectOf(entry, aboutOf(emission)),
    time: now.toISOString(),
    datacontenttype: 'application/json',
    sequence: toSequence(sequence),
    ...(emission.conversationId === undefined ? {} : { conversationid: emission.conversationId }),
    ...(emission.runId === undefined ? {} : { runid: emission.runId }),
    ...(emission.causationId === undefined ? {} : { causationid: emission.causationId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    data: parsed.data,
  });
}

/** The catalog's row, if the service may emit it. */
export function entryFrom(identity: Pick<Identity, 'service'>, event: EventDefinition): CatalogEntry {
  const entry = entryOf(event.type);
  if (!entry?.from.includes(identity.service))
    throw Failure.terminal('EmitterNotAllowed', `${identity.service} may not say ${event.type}`);
  return entry;
}

function aboutOf({ conversationId, runId }: Emission): { conversationId?: string; runId?: string } {
  return { ...(conversationId === undefined ? {} : { conversationId }), ...(runId === undefined ? {} : { runId }) };
}
