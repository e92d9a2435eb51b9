import { derivedId, Failure, LetterDied, type DataOf, type Envelope } from '@skyflo/contracts';
import { readEnvelope } from '../events/accept.ts';

/** A dead letter to be emitted as `letter.died`: its id is the same however often the same event dies at the same consumer. */
export type Letter = { readonly id: string; readonly data: DataOf<typeof LetterDied> };

/** Emits a letter; returning means that it is committed and the event may be ended. */
export type Bury = (letter: Letter) => Promise<void>;

export type Dead = {
  readonly consumer: string;
  readonly stream: string;
  readonly streamSequence: number;
  readonly envelope: Envelope;
  readonly payload: Uint8Array;
  readonly failure: Failure;
  readonly tries: number;
  readonly at: Date;
};

/** Leaves room for the quotes escaped and the letter around it below what NATS carries. */
const longestOriginal = 600_000;
const longestMessage = 2_000;

/**
 * The original travels as text, not as JSON: what made the event undigestible to somebody (a character that a column does
 * not take, say) is escaped in it and cannot do the same to whoever records the letter.
 */
export function toLetter({ envelope, failure, payload, ...dead }: Dead): Letter {
  const { id: eventId, type, conversationid: conversationId, runid: runId } = envelope;
  // It was accepted, so it is JSON in UTF-8: neither a bare NUL nor half a surrogate pair can be in it.
  const original = new TextDecoder().decode(payload);
  return {
    id: derivedId(`${dead.consumer}/${eventId}`, LetterDied.type),
    data: {
      consumer: dead.consumer,
      stream: dead.stream,
      streamSequence: dead.streamSequence,
      eventId,
      type,
      ...(conversationId === undefined ? {} : { conversationId }),
      ...(runId === undefined ? {} : { runId }),
      failure: { code: failure.code, message: plainText(failure.message) },
      failedAt: dead.at.toISOString(),
      tries: dead.tries,
      ...(original.length > longestOriginal ? {} : { original }),
    },
  };
}

/** What was received then. Throws a terminal Failure where the letter could not carry it. */
export function originalOf({ original, type, eventId }: Letter['data']): { payload: Uint8Array; subject: string } {
  if (original === undefined)
    throw Failure.terminal('OriginalMissing', `${type} ${eventId} was too long for its dead letter to carry it`);
  const payload = new TextEncoder().encode(original);
  return { payload, subject: readEnvelope(payload, 'a dead letter').subject };
}

/** An error's text is anybody's: what cannot be signed or stored is drawn as a replacement character. */
export function plainText(message: string): string {
  return message.slice(0, longestMessage).toWellFormed().replaceAll('\u0000', '\uFFFD');
}
