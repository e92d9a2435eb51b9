import { Injectable } from '@nestjs/common';
import { Store, type Tx } from '@skyflo/store';
import { Calls, Turns, Wakes } from '../domain/ports.ts';
import type { CallResult } from '../domain/run-view.ts';

/** Closes calls, moves the conversation's turn, and sets going who can go on: what all answers to a call have in common. */
@Injectable()
export class Closings {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly turns: Turns,
    private readonly wakes: Wakes,
  ) {}

  /** A call that is unknown here belongs to a run that is not ours; one that is closed has been closed by a redelivery. */
  async close(callId: string, result: CallResult): Promise<void> {
    await this.store.transaction(async (tx) => {
      const owner = await this.calls.close(tx, callId, result);
      if (owner) await this.settle(tx, owner);
    });
  }

  async wait(callId: string): Promise<void> {
    await this.store.transaction(async (tx) => {
      const owner = await this.calls.waitForPerson(tx, callId);
      if (owner) await this.settle(tx, owner);
    });
  }

  private async settle(tx: Tx, { runId, conversationId }: { runId: string; conversationId: string }): Promise<void> {
    const turn = await this.turns.settle(tx, conversationId);
    if ((turn.find(runId)?.openCalls ?? 0) === 0) await this.wakes.wakeAfter(tx, runId);
    if (turn.moved && turn.holder !== null && turn.holder !== runId) await this.wakes.wakeAfter(tx, turn.holder);
  }
}
