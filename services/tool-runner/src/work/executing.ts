import { Injectable } from '@nestjs/common';
import { Failure } from '@skyflo/contracts';
import { type Call, Calls, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { Admission } from './admission.ts';
import type { Effort } from './effort.ts';
import { type Enacted, Enacting } from './enacting.ts';
import { Outcomes } from './outcomes.ts';

/**
 * Carries out granted writes, each at most once, and finds out what became of those a crash left behind:
 *
 *     planned ── grant fits, run goes on ──▶ claimed ── looked again, no drift ──▶ executing ── sent ──▶ outcome
 *
 * Taken up again at `claimed`, nothing was sent: it is looked at again. Taken up again at `executing`, the request may have
 * arrived: what was written ahead and what the cluster shows decide. The requests of one grant go one after the other; one
 * that was not done, or of which nobody knows, is the last.
 */
@Injectable()
export class Executing {
  constructor(
    private readonly calls: Calls,
    private readonly ledger: Ledger,
    private readonly admission: Admission,
    private readonly enacting: Enacting,
    private readonly outcomes: Outcomes,
  ) {}

  async run(call: Call, effort: Effort): Promise<void> {
    const began = performance.now();
    const grantId = call.passed?.data.grant?.grantId;
    const planned = grantId && (await this.ledger.find(grantId));
    if (!planned || planned.state === 'planned') {
      if (!(await this.admission.claim(call, planned || undefined, effort))) return;
    }
    if (!grantId) return;
    const steps = await this.ledger.steps(grantId);
    const left = steps.filter(({ state }) => state !== 'done');
    for (const step of left) {
      if (step.state !== 'claimed' && step.state !== 'executing') return;
      const verdict = await this.take(call, step, effort);
      if (verdict.kind === 'done' && step !== left.at(-1)) {
        await this.outcomes.note(step, verdict.after, effort);
        continue;
      }
      const ending = { grantId, step, verdict, durationMs: performance.now() - began };
      return this.outcomes.conclude(call, ending, effort);
    }
  }

  /** A stop ends it between two requests; one that was begun is carried through. */
  private async take(call: Call, step: LedgerEntry, effort: Effort): Promise<Enacted> {
    const isNext = step.step > 0 && step.state === 'claimed';
    if (isNext && (await this.calls.isRunStopped(call.runId))) return { kind: 'not-done', failure: stopped };
    return this.enacting.carryOut(call, step, effort);
  }
}

const stopped = Failure.terminal('Stopped', 'The run was stopped before this was begun.');
