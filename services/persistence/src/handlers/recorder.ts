import { Injectable } from '@nestjs/common';
import type { StreamName } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { LetterDesk } from './letter-desk.ts';
import { Conversations, EventLog, type Recorded, Streams } from '../domain/ports.ts';
import { project, sliceByConversation } from '../domain/project.ts';

/**
 * Appends a batch to the log and folds what is new into the projections: one transaction, so that a reader of a conversation
 * sees it together with the position it includes. The position's row is locked first: a replica that lost its turn with a
 * batch in hand goes before or after the one that took over, and what both bring is folded once.
 */
@Injectable()
export class Recorder {
  constructor(
    private readonly store: Store,
    private readonly log: EventLog,
    private readonly conversations: Conversations,
    private readonly streams: Streams,
    private readonly letters: LetterDesk,
  ) {}

  async record(stream: StreamName, batch: readonly Recorded[], lastSequence: number): Promise<void> {
    const incarnation = await this.streams.incarnation(stream);
    await this.store.transaction(async (tx) => {
      await this.log.advance(tx, stream, { incarnation, sequence: lastSequence });
      const added = await this.log.append(tx, stream, batch);
      for (const recorded of added) await this.letters.take(tx, recorded);
      for (const slice of sliceByConversation(added)) {
        const before = await this.conversations.loadForFold(tx, slice.conversationId, slice.runIds);
        const after = project(before, slice);
        if (after && after !== before) await this.conversations.save(tx, after);
      }
    });
  }
}
