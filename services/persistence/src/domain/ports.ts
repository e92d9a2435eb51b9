import type {
  Conversation,
  ConversationSummary,
  DeadLetter,
  Envelope,
  LetterDied,
  StreamName,
} from '@skyflo/contracts';
import type { Tx } from '@skyflo/store';

/** An event as it stands in its stream. */
export type Recorded = { readonly event: Envelope; readonly streamSequence: number };
export type Position = { readonly incarnation: string; readonly sequence: number };

/** Every event ever said, once, in the order it was recorded. Append-only. */
export abstract class EventLog {
  /** Appends what is not there yet and returns just that, in the given order. */
  abstract append(tx: Tx, stream: StreamName, batch: readonly Recorded[]): Promise<readonly Recorded[]>;
  /** Never back within one incarnation. Holds the position's row until the transaction ends. */
  abstract advance(tx: Tx, stream: StreamName, position: Position): Promise<void>;
}

export abstract class Streams {
  /** Which making of the stream its sequences count in at present. */
  abstract incarnation(stream: StreamName): Promise<string>;
}

/** Conversations as folded so far: one row a conversation, a message, a run, so that a batch rewrites only what it touches. */
export abstract class Conversations {
  /** The conversation's head with just these runs and no messages: all that the fold needs to go on. */
  abstract loadForFold(tx: Tx, id: string, runIds: readonly string[]): Promise<Conversation | undefined>;
  abstract save(tx: Tx, conversation: Conversation): Promise<void>;
  /** The whole conversation and the position it includes, read in one snapshot. */
  abstract find(id: string): Promise<{ conversation: Conversation | undefined; position: Position | undefined }>;
  abstract list(options: { owner: string | undefined; limit: number }): Promise<readonly ConversationSummary[]>;
}

/** What consumers could not handle; a letter is closed when it was redriven or replaced by a newer one. */
export abstract class DeadLetters {
  abstract add(tx: Tx, id: string, letter: LetterDied['data']): Promise<void>;
  abstract close(tx: Tx, id: string): Promise<void>;
  /** Open ones, newest first. */
  abstract list(limit: number): Promise<readonly DeadLetter[]>;
  /** As it was signed. */
  abstract find(id: string): Promise<{ letter: Envelope; closed: boolean } | undefined>;
}
