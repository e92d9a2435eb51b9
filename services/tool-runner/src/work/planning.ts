import { Injectable } from '@nestjs/common';
import { ensureFailure, Failure, planDigest, ToolPlanned } from '@skyflo/contracts';
import { Store } from '@skyflo/store';
import { type Call, Calls, Ledger } from '../domain/ports.ts';
import { after, Closing, idOf } from './closing.ts';
import type { Effort } from './effort.ts';
import { WriteTools } from './write-tools.ts';

/** Finds out what a write would send and change, by reading and by a dry run; nothing is changed. */
@Injectable()
export class Planning {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly ledger: Ledger,
    private readonly closing: Closing,
    private readonly tools: WriteTools,
  ) {}

  async run(call: Call, effort: Effort): Promise<void> {
    const began = performance.now();
    const planned = await this.tools.plan(call, effort).catch((error: unknown) => ensureFailure(error));
    if (effort.signal.aborted) return;
    await this.store.transaction(async (tx) => {
      if (planned instanceof Failure)
        return this.closing.fail(tx, call, planned, { durationMs: performance.now() - began });
      const { planRequested } = call;
      if (!planRequested) return undefined;
      const { revision } = planRequested.data;
      if (!(await this.calls.planned(tx, call.callId, revision))) return undefined;
      await this.ledger.add(tx, { callId: call.callId, planDigest: planDigest(planned.plan), ...planned });
      const data = { callId: idOf(call), revision, plan: planned.plan };
      await tx.emit(ToolPlanned, { ...after(call, ToolPlanned.type, planRequested), data });
      return undefined;
    });
  }
}
