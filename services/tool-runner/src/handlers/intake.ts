import { Injectable } from '@nestjs/common';
import type { GatePassed, ToolPlanRequested, ToolRequested } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { Calls } from '../domain/ports.ts';
import { CallWorker } from '../work/call-worker.ts';

/** What the three events that move a call have in common: keep it, and begin what is due now. */
@Injectable()
export class Intake {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly worker: CallWorker,
  ) {}

  async keep(event: ToolRequested | ToolPlanRequested | GatePassed): Promise<void> {
    await this.store.transaction(async (tx) => {
      const call = await this.calls.note(tx, event);
      if (call.due) await this.worker.beginAfter(tx, call);
    });
  }
}
