import { Injectable } from '@nestjs/common';
import { Store } from '@skyflo/store';
import { Calls, Ledger } from '../domain/ports.ts';
import { CallWorker } from '../work/call-worker.ts';
import { Closing } from '../work/closing.ts';

/**
 * A run was stopped or has ended: reads end, writes that were let through but not claimed are cancelled, and what is let
 * through later never begins. A write that is under way ends and is reported; one that waits for a person is closed by the
 * gate.
 */
@Injectable()
export class RunEnds {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly ledger: Ledger,
    private readonly closing: Closing,
    private readonly worker: CallWorker,
  ) {}

  async cancelOpen(runId: string): Promise<void> {
    // A commit of its own, before the look at what was let through: a call that is let through meanwhile is either seen
    // there, or sees the stop before it begins.
    await this.store.transaction((tx) => this.calls.stopRun(tx, runId));
    const ended = await this.store.transaction(async (tx) => {
      const reads: string[] = [];
      for (const call of await this.calls.passedOf(tx, runId)) {
        const grantId = call.passed?.data.grant?.grantId;
        if (grantId === undefined) {
          await this.closing.cancel(tx, call);
          reads.push(call.callId);
        } else if (await this.ledger.cancel(tx, grantId)) await this.closing.cancel(tx, call, grantId);
      }
      return reads;
    });
    for (const callId of ended) this.worker.cancel(callId);
  }
}
