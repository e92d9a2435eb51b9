import { Injectable } from '@nestjs/common';
import type { GatePassed, ToolPlanRequested, ToolRequested } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { Calls } from '../domain/ports.ts';
import { CallWorker } from '../work/call-worker.ts';

/** What the three events that move a call have in common: keep it, then see whether something is due now. */
@Injectable()
export class Intake {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly worker: CallWorker,
  ) {}

  async keep(event: ToolRequested | ToolPlanRequested | GatePassed): Promise<void> {
    await this.store.transaction((tx) => this.calls.note(tx, event));
    this.worker.wake(event.data.callId);
  }
}
