import { Injectable } from '@nestjs/common';
import { Store, type Tx } from '@skyflo/store';
import { Calls, Turns, Wakes } from '../domain/ports.ts';
import type { CallResult } from '../domain/run-view.ts';

type About = { readonly conversationid?: string | undefined; readonly data: { readonly callId: string } };
type Owner = { readonly runId: string };

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
  async close({ conversationid = '', data: { callId } }: About, result: CallResult): Promise<void> {
    await this.store.transaction((tx) => this.settle(tx, conversationid, this.calls.close(tx, callId, result)));
  }

  async wait({ conversationid = '', data: { callId } }: About): Promise<void> {
    await this.store.transaction((tx) => this.settle(tx, conversationid, this.calls.waitForPerson(tx, callId)));
  }

  /** The turn is settled behind the change, in the same breath; where nothing was changed, that moves nothing. */
  private async settle(tx: Tx, conversationId: string, change: Promise<Owner | undefined>): Promise<void> {
    const [owner, turn] = await Promise.all([change, this.turns.settle(tx, conversationId)]);
    const runId = owner?.runId;
    if (runId !== undefined && (turn.find(runId)?.openCalls ?? 0) === 0) await this.wakes.wakeAfter(tx, runId);
    if (turn.moved && turn.holder !== null && turn.holder !== runId) await this.wakes.wakeAfter(tx, turn.holder);
  }
}
