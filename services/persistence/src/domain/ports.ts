import type { Conversation, ConversationSummary, Envelope, StreamName } from '@skyflo/contracts';
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
