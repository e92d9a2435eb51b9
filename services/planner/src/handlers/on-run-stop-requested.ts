import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { RunStopRequested } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { Runs, Turns, Wakes } from '../domain/ports.ts';

/** Remembers the stop, also for a run that has yet to come, and cuts the model short. */
@Controller()
export class OnRunStopRequested {
  constructor(
    private readonly store: Store,
    private readonly runs: Runs,
    private readonly turns: Turns,
    private readonly wakes: Wakes,
  ) {}

  @OnEvent(RunStopRequested)
  async handle(event: RunStopRequested): Promise<void> {
    const { runid: runId = '' } = event;
    await this.store.transaction(async (tx) => {
      await this.runs.requestStop(tx, runId, event.data.by);
      const conversationId = await this.runs.conversationOf(tx, runId);
      if (conversationId === undefined) return;
      const turn = await this.turns.settle(tx, conversationId);
      await this.wakes.wakeAfter(tx, runId);
      if (turn.moved && turn.holder !== null && turn.holder !== runId) await this.wakes.wakeAfter(tx, turn.holder);
      tx.afterCommit(() => this.wakes.interrupt(runId));
    });
  }
}
