import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { ConversationId, derivedId, LetterDied, RunCompleted, RunId } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { letterFailure } from '../domain/letter-failure.ts';
import { Runs, Turns, Wakes } from '../domain/ports.ts';

/**
 * Some service could not handle an event of a run, maybe this one: the run fails with words for its person. Its open calls are
 * closed, since their answer may never come; a write that is still on its way is reported by its own events.
 */
@Controller()
export class OnLetterDied {
  constructor(
    private readonly store: Store,
    private readonly runs: Runs,
    private readonly turns: Turns,
    private readonly wakes: Wakes,
  ) {}

  @OnEvent(LetterDied)
  async handle({ id: causationId, source, data }: LetterDied): Promise<void> {
    const run = RunId.safeParse(data.runId);
    const conversation = ConversationId.safeParse(data.conversationId);
    if (!run.success || !conversation.success) return;
    const [runId, conversationId] = [run.data, conversation.data];
    const failure = letterFailure(data, source);
    await this.store.transaction(async (tx) => {
      const found = await this.runs.giveUp(tx, { id: runId, conversationId, failure });
      if (found === 'unknown') {
        const end = { status: 'failed' as const, reason: failure.message, failure };
        const id = derivedId(`${runId}/0/0`, RunCompleted.type);
        await tx.emit(RunCompleted, { conversationId, runId, causationId, id, data: end });
      }
      if (found !== 'open') return;
      const turn = await this.turns.settle(tx, conversationId);
      await this.wakes.wakeAfter(tx, runId);
      if (turn.moved && turn.holder !== null && turn.holder !== runId) await this.wakes.wakeAfter(tx, turn.holder);
      tx.afterCommit(() => this.wakes.interrupt(runId));
    });
  }
}
