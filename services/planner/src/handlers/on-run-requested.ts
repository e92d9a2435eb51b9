import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { RunRequested } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { Runs, Turns, Wakes } from '../domain/ports.ts';
import { Queueing } from './queueing.ts';

/** A message: its run is queued, and set going when it is its turn. What the tool-runner requests, it sees to itself. */
@Controller()
export class OnRunRequested {
  constructor(
    private readonly store: Store,
    private readonly runs: Runs,
    private readonly turns: Turns,
    private readonly wakes: Wakes,
    private readonly queueing: Queueing,
  ) {}

  @OnEvent(RunRequested)
  async handle(event: RunRequested): Promise<void> {
    if (event.source === 'tool-runner') return;
    const { runid: id = '', conversationid: conversationId = '' } = event;
    const { content, requestedBy } = event.data;
    await this.store.transaction(async (tx) => {
      const [isNew, turn] = await Promise.all([
        this.runs.add(tx, { id, conversationId, causeId: event.id, content, requestedBy }),
        this.turns.settle(tx, conversationId),
      ]);
      if (!isNew) return;
      await this.queueing.arrived(tx, { conversationId, runId: id, causationId: event.id }, turn);
      // A stop may have come before it, so it is looked at even when it is not its turn.
      await this.wakes.wakeAfter(tx, id);
      if (turn.moved && turn.holder !== null && turn.holder !== id) await this.wakes.wakeAfter(tx, turn.holder);
    });
  }
}
