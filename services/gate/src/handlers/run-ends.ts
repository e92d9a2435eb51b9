import { Injectable } from '@nestjs/common';
import { Store } from '@skyflo/store';
import { Calls } from '../domain/ports.ts';
import { Closings } from './closings.ts';

/**
 * A run was stopped or has ended: what waits for people is withdrawn. A call that is still being planned is left alone; it
 * is closed when its plan, or the news that there is none, arrives.
 */
@Injectable()
export class RunEnds {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly closings: Closings,
  ) {}

  async withdrawOpen(runId: string, causeId: string): Promise<void> {
    await this.store.transaction(async (tx) => {
      await this.calls.endRun(tx, runId);
      for (const { callId } of await this.calls.waitingOf(tx, runId)) {
        const waiting = await this.closings.lock(tx, callId);
        if (waiting) await this.closings.withdraw(tx, waiting, causeId);
      }
    });
  }
}
