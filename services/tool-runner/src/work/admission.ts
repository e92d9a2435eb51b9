import { Injectable } from '@nestjs/common';
import { Clock } from '@skyflo/service-kit';
import { assertLease, Store } from '@skyflo/store';
import { grantProblem } from '../domain/grant.ts';
import { type Call, Calls, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { Closing } from './closing.ts';
import type { Effort } from './effort.ts';

/** The one moment at which a grant is held against what it is for, whether its run goes on, and the time. */
@Injectable()
export class Admission {
  constructor(
    private readonly store: Store,
    private readonly calls: Calls,
    private readonly ledger: Ledger,
    private readonly closing: Closing,
    private readonly clock: Clock,
  ) {}

  /** True where this grant is claimed now, for this process to carry out; else what had to be said was said. */
  async claim(call: Call, planned: LedgerEntry | undefined, { lease }: Effort): Promise<boolean> {
    const { requested, passed } = call;
    if (!requested || !passed) return false;
    const { tool, args } = requested.data;
    const problem = grantProblem(passed.data, { tool, args, class: 'write' }, { planned, now: this.clock.now() });
    const stopped = await this.calls.isRunStopped(call.runId);
    return this.store.transaction(
      async (tx) => {
        await assertLease(tx, lease);
        const grantId = planned && passed.data.grant?.grantId;
        if (problem || !grantId) {
          if (grantId && problem) await this.ledger.decide(tx, grantId, 'not-done', problem.message);
          if (problem) await this.closing.fail(tx, call, problem, { durationMs: 0 });
          return false;
        }
        if (stopped) {
          if (await this.ledger.cancel(tx, grantId)) await this.closing.cancel(tx, call, grantId);
          return false;
        }
        // Busy: another grant of the same object is undecided. This one stays planned and is tried again by the sweeper.
        return (await this.ledger.claim(tx, grantId)) === 'claimed';
      },
      { name: 'claim' },
    );
  }
}
