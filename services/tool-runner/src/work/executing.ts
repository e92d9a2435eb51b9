import { Injectable } from '@nestjs/common';
import { assertNever, type Failure, type GrantId } from '@skyflo/contracts';
import { assertLease, Store } from '@skyflo/store';
import { capText } from '../domain/cap.ts';
import { type Call, Ledger, type LedgerEntry } from '../domain/ports.ts';
import { doneText, targetOf } from '../domain/written.ts';
import { Admission } from './admission.ts';
import { Closing } from './closing.ts';
import type { Effort } from './effort.ts';
import { type Enacted, Enacting, type Told } from './enacting.ts';

type Ended = { readonly grantId: GrantId; readonly durationMs: number };

/**
 * Carries out granted writes, each at most once, and finds out what became of those a crash left behind:
 *
 *     planned ── grant fits, run goes on ──▶ claimed ── looked again, no drift ──▶ executing ── sent ──▶ outcome
 *
 * Taken up again at `claimed`, nothing was sent: it is looked at again. Taken up again at `executing`, the request may have
 * arrived: what was written ahead and what the cluster shows decide.
 */
@Injectable()
export class Executing {
  constructor(
    private readonly store: Store,
    private readonly ledger: Ledger,
    private readonly closing: Closing,
    private readonly admission: Admission,
    private readonly enacting: Enacting,
  ) {}

  async run(call: Call, effort: Effort): Promise<void> {
    const began = performance.now();
    const grantId = call.passed?.data.grant?.grantId;
    const entry = grantId && (await this.ledger.find(grantId));
    if (!entry || entry.state === 'planned') {
      if (!(await this.admission.claim(call, entry || undefined, effort))) return;
    }
    const claimed = grantId && (await this.ledger.find(grantId));
    if (!claimed || (claimed.state !== 'claimed' && claimed.state !== 'executing')) return;
    const verdict = await this.enacting.carryOut(call, claimed, effort);
    await this.conclude(call, { entry: claimed, grantId, verdict, durationMs: performance.now() - began }, effort);
  }

  private async conclude(
    call: Call,
    {
      entry,
      grantId,
      verdict,
      durationMs,
    }: { entry: LedgerEntry; grantId: GrantId; verdict: Enacted; durationMs: number },
    { lease }: Effort,
  ): Promise<void> {
    switch (verdict.kind) {
      case 'done':
        return this.done(call, { entry, grantId, durationMs, text: doneText(entry.plan, verdict.after) }, lease);
      case 'told': {
        const { text, facts } = verdict;
        return this.done(call, { entry, grantId, durationMs, text, facts }, lease);
      }
      case 'not-done':
        return this.notDone(call, { grantId, failure: verdict.failure, durationMs }, lease);
      case 'uncertain':
        return this.store.transaction(async (tx) => {
          await assertLease(tx, lease);
          await this.ledger.decide(tx, grantId, 'uncertain', verdict.seen);
          const sent = `${entry.plan.effect} It was sent, and its answer was never seen.`;
          const next = `Look at ${targetOf(entry.plan)} and its events, and say whether it happened.`;
          await this.closing.leaveUncertain(tx, call, { grantId, sent, seen: verdict.seen, next });
        });
      case 'wait':
      case 'send':
        return undefined; // Taken up again by the sweeper.
      default:
        return assertNever(verdict);
    }
  }

  private async done(
    call: Call,
    { entry, text, facts, ...rest }: Pick<Told, 'text'> & Partial<Told> & Ended & { entry: LedgerEntry },
    lease: Effort['lease'],
  ): Promise<void> {
    await this.store.transaction(async (tx) => {
      await assertLease(tx, lease);
      await this.ledger.decide(tx, rest.grantId, 'done', text);
      const told = { ...capText(text), ...(facts ? { facts } : {}) };
      await this.closing.finish(tx, call, { ...told, checks: [...entry.checks], ...rest });
    });
  }

  private async notDone(
    call: Call,
    { grantId, failure, durationMs }: Ended & { failure: Failure },
    lease: Effort['lease'],
  ): Promise<void> {
    await this.store.transaction(async (tx) => {
      await assertLease(tx, lease);
      await this.ledger.decide(tx, grantId, 'not-done', failure.message);
      await this.closing.fail(tx, call, failure, { durationMs, grantId });
    });
  }
}
