import { Controller } from '@nestjs/common';
import { OnEvent } from '@skyflo/bus/nest';
import { GateRefused } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { Calls, Ledger } from '../domain/ports.ts';
import { OwnRunEnds } from '../work/own-run-ends.ts';

/** The gate closed the call: what was planned for it can never be claimed. */
@Controller()
export class OnGateRefused {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly ledger: Ledger,
    private readonly ownRuns: OwnRunEnds,
  ) {}

  @OnEvent(GateRefused)
  async handle(event: GateRefused): Promise<void> {
    const call = await this.calls.find(event.data.callId);
    await this.store.transaction(async (tx) => {
      await this.calls.noteRefusal(tx, event);
      if (call?.planRequested) await this.ledger.cancel(tx, call.planRequested.data.grantId);
      const { callId, why, message } = event.data;
      await this.ownRuns.end(tx, callId, { outcome: 'refused', why, message });
    });
  }
}
